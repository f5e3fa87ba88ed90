import { parseDuration } from '../config/duration.ts';
import { WatchkeeperError } from '../errors.ts';

/** No calendar is needed before it. */
const EARLIEST_MS = Date.parse('0001-01-01');

const DAY_LENGTH = 10;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * A moment in ms since 1970: a duration before now (`24h`, `7d`), a day (its beginning, in UTC), or a time with its zone. Anything
 * else is a usage error that names the option.
 *
 * @example momentOption('--since', '2026-11-01', nowMs) // 1793491200000
 */
export function momentOption(option: string, text: string, nowMs: number): number {
  const ms = parseDuration(text);
  if (ms !== null && nowMs - ms >= EARLIEST_MS) return nowMs - ms;
  const moment = (DATE.test(text) || TIME.test(text)) && isDay(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new WatchkeeperError(
    'usage',
    `${option} takes a duration such as 24h or 7d, a day such as 2026-11-01, or a time such as 2026-11-01T12:00Z, not '${text}'`,
  );
}

/** Node takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const day = text.slice(0, DAY_LENGTH);
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
