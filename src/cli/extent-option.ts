import { parseDuration } from '../config/duration.ts';
import { WatchkeeperError } from '../errors.ts';
import { countOption } from './duration.ts';

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
