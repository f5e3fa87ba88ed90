import { Problem } from './run.ts';

/** A setting from the environment; `fallback` where it is missing or empty. */
export function text(name: string, fallback: string): string {
  return process.env[name]?.trim() || fallback;
}

/** A number from the environment between `min` and `max`, both included. Throws a Problem that names the variable. */
export function number(name: string, fallback: number, { min, max }: { min: number; max: number }): number {
  const written = text(name, String(fallback));
  const value = Number(written);
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new Problem(`${name}=${written} is not a number from ${min} to ${max}`);
}

/** A day such as 2015-01-31 from the environment. Throws a Problem that names the variable. */
export function day(name: string, fallback: string): string {
  const written = text(name, fallback);
  const time = Date.parse(`${written}T00:00:00Z`);
  // A date such as 2015-02-30 is rolled over by Date.parse: only what reads back as written is a day.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(written) && written.length === 10) {
    return written;
  }
  throw new Problem(`${name}=${written} is not a day such as 2015-01-31`);
}
