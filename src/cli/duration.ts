import { parseDuration } from '../config/duration.ts';
import { WatchkeeperError } from '../errors.ts';

/** `90s`, `24h`, `1h30m` as milliseconds, as in the configuration; anything else is a usage error that names the option. */
export function durationOption(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new WatchkeeperError(
    'usage',
    `${option} takes a duration such as 30m, 24h, 1h30m or 7d, not '${text}'`,
  );
}

/** A whole number from 1 on; anything else is a usage error that names the option. */
export function countOption(option: string, text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) {
    throw new WatchkeeperError('usage', `${option} takes a whole number from 1 on, not '${text}'`);
  }
  return count;
}

/** The same where none at all is meant, too. */
export function countOrNoneOption(option: string, text: string): number {
  return text === '0' ? 0 : countOption(option, text);
}
