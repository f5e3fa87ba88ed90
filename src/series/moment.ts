const SECONDS_BELOW = 1e11;

/**
 * A moment as data files write it, in milliseconds since 1970; null where it is none. ISO 8601 and `2026-11-20 12:00:00` (UTC
 * where no zone is said); numbers are seconds since 1970, from 10^11 on milliseconds.
 */
export function momentOf(given: string | number | null): number | null {
  if (given === null || given === '') return null;
  const number = typeof given === 'number' ? given : Number(given);
  if (Number.isFinite(number)) return Math.abs(number) < SECONDS_BELOW ? number * 1000 : number;
  const parsed = Date.parse(withZone(String(given)));
  return Number.isNaN(parsed) ? null : parsed;
}

/** Node reads a date alone as UTC, and one with a time of day as local time: here both are UTC. */
function withZone(text: string): string {
  const local = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/.exec(text.trim());
  return local === null ? text : `${local[1]}T${local[2]}Z`;
}
