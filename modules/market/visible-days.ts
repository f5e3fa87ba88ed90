import { readIfThere, replaceFile } from '../files.ts';
import { parseJson } from '../json.ts';
import { messageOf } from '../run.ts';
import { dayOf, type Kline } from './history.ts';

export interface Pace {
  /** Days before this one are visible from the start. */
  startDate: string;
  /** Seconds until one more day becomes visible. */
  daySeconds: number;
}

/**
 * Lets a market of the past go on: a growing part of its days is visible. The last visible day is kept in `file`, and
 * written before the day is shown, so that a restart, even after a crash, does not go back in time. While the service is
 * down the market stands still.
 *
 * @param monotonicMs a clock that never goes back
 * @returns a function that gives the days which are visible now
 */
export function visibleDays(
  days: readonly Kline[],
  pace: Pace,
  file: string,
  monotonicMs: () => number,
): () => readonly Kline[] {
  const startedAt = monotonicMs();
  const first = countWhere(days, day => day < pace.startDate);
  const lastDay = readLastDay(file);
  let saved = countWhere(days, day => day <= lastDay);
  const start = Math.max(first, saved);
  return () => {
    const passed = Math.floor((monotonicMs() - startedAt) / 1000 / pace.daySeconds);
    const count = Math.min(days.length, start + passed);
    const last = days[count - 1];
    if (count > saved && last !== undefined) saved = save(file, dayOf(last)) ? count : saved;
    return days.slice(0, count);
  };
}

function countWhere(days: readonly Kline[], test: (day: string) => boolean): number {
  return days.filter(kline => test(dayOf(kline))).length;
}

/** Empty, and so before every day, where nothing usable was kept. */
function readLastDay(file: string): string {
  const text = readIfThere(file);
  if (text === null) return '';
  const content = parseJson(text);
  if (typeof content === 'object' && content !== null && 'lastVisibleDay' in content) {
    if (typeof content.lastVisibleDay === 'string') return content.lastVisibleDay;
  }
  process.stderr.write(`market-feed: ${file} is damaged: starting from the first day again\n`);
  return '';
}

/** The market goes on without the file too: a full disk must not stop it, only a restart would then go back. */
function save(file: string, lastVisibleDay: string): boolean {
  try {
    replaceFile(file, `${JSON.stringify({ lastVisibleDay })}\n`);
    return true;
  } catch (error) {
    process.stderr.write(`market-feed: cannot write ${file}: ${messageOf(error)}\n`);
    return false;
  }
}
