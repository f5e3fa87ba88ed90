import { DAY_MS } from './calendar.ts';

/** A time in which a zone keeps its distance from UTC: [fromMs, toMs), local = UTC + offsetMs. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  offsetMs: number;
}

/** No zone was ever farther from UTC than 16 hours; with room to spare. */
export const LARGEST_OFFSET_MS = 26 * 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * How far a zone's local clock is ahead of UTC, in milliseconds, at a moment. Throws a RangeError for an unknown zone.
 *
 * @example offsetAt('Europe/Berlin', Date.UTC(2026, 6, 1)) // 7_200_000
 */
export function offsetAt(timezone: string, utcMs: number): number {
  if (timezone === 'UTC') return 0;
  // `7/1/2026, GMT+02:00`, with seconds where the zone went by the sun, and `GMT` alone for 0.
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(formatOf(timezone).format(utcMs)) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  formats.set(timezone, format);
  return format;
}

/**
 * The stretches of [fromMs, toMs), in order. A zone is looked at once a day and, where it has changed, by halving; two changes
 * within a day that undo each other would be missed (no zone has ever had them).
 */
export function stretches(timezone: string, fromMs: number, toMs: number): Stretch[] {
  const found: Stretch[] = [];
  let start = fromMs;
  let offsetMs = offsetAt(timezone, fromMs);
  for (let day = fromMs; day < toMs; day += DAY_MS) {
    const next = Math.min(day + DAY_MS, toMs);
    const nextOffset = offsetAt(timezone, next);
    if (nextOffset === offsetMs) continue;
    const change = changeWithin(timezone, day, next);
    found.push({ fromMs: start, toMs: change, offsetMs });
    start = change;
    offsetMs = nextOffset;
  }
  found.push({ fromMs: start, toMs, offsetMs });
  return found.filter(stretch => stretch.fromMs < stretch.toMs);
}

/** The first millisecond of (low, high] at which the offset is no longer that of `low`. */
function changeWithin(timezone: string, low: number, high: number): number {
  const before = offsetAt(timezone, low);
  let last = low;
  let changed = high;
  while (changed - last > 1) {
    const middle = Math.floor((last + changed) / 2);
    if (offsetAt(timezone, middle) === before) last = middle;
    else changed = middle;
  }
  return changed;
}
