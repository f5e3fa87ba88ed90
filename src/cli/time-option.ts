import { parseDuration } from '../config/duration.ts';
import { WatchkeeperError } from '../errors.ts';
import { countOption } from './duration.ts';

const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A moment, in ms since 1970: `2026-11-01` (its beginning, UTC), `2026-11-01T12:30` (local time), with `Z` or `+01:00` as ISO 8601 has it. */
export function timeOption(option: string, text: string): number {
  const ms = DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new WatchkeeperError(
    'usage',
    `${option} takes a date or time such as 2026-11-01 or 2026-11-01T12:30, not '${text}'`,
  );
}

/** `20 runs`, `20`: so many runs; `1h`: those of so much time. */
export function extentOption(option: string, text: string): { runs: number } | { ms: number } {
  const [, runs] = /^(\d+)\s*(?:runs?)?$/.exec(text.trim()) ?? [];
  if (runs !== undefined) return { runs: countOption(option, runs) };
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return { ms };
  throw new WatchkeeperError(
    'usage',
    `${option} takes so many runs or a duration, such as "20 runs" or 1h, not '${text}'`,
  );
}
