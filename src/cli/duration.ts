import { WatchkeeperError } from '../errors.ts';

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `24h`, `7d` as milliseconds; anything else is a usage error that names the option. */
export function durationOption(option: string, text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS_MS[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new WatchkeeperError('usage', `${option} takes a duration such as 30m, 24h or 7d, not '${text}'`);
  }
  return Number(match[1]) * unit;
}

/** A whole number from 1 on; anything else is a usage error that names the option. */
export function countOption(option: string, text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) {
    throw new WatchkeeperError('usage', `${option} takes a whole number from 1 on, not '${text}'`);
  }
  return count;
}
