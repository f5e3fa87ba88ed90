import { hodgesLehmann, type Shift } from '../stats/hodges-lehmann.ts';
import { mannWhitney } from '../stats/mann-whitney.ts';

/** After so many pairs it is looked at whether good and bad differ. */
const LOOKS = [6, 8, 11, 15, 20, 27, 36, 48];
/** The chance of seeing a difference where there is none, over all looks together. */
const ALPHA = 0.02;
/** The interval that says how large a difference may still be. */
const INTERVAL_ALPHA = 0.05;

/**
 * - `more`: not to be told yet
 * - `differ`
 * - `alike`: no difference that matters, or none was seen with as many runs as were allowed
 */
export interface Difference {
  verdict: 'more' | 'differ' | 'alike';
  shift: Shift | null;
}

/**
 * Whether two commits differ at all, looked at again and again while pairs of runs come in.
 *
 * - Purpose: a bisection between two commits that do not differ would end at any commit.
 * - Convention: Mann and Whitney's test; each of the eight looks may err with an eighth of 2 % (Bonferroni), so all together with at most
 *   2 %. They differ where the shift of Hodges and Lehmann is at least the threshold, too; they are alike once its interval (95 %) lies
 *   between the thresholds.
 * - Cost: O(n log n) a look.
 *
 * @param pairs of runs so far; looked at where that is one of 6, 8, 11, 15, 20, 27, 36, 48, and at `mostPairs`
 * @param threshold on the scale of the values
 */
export function differenceOf(
  good: readonly number[],
  bad: readonly number[],
  { pairs, mostPairs, threshold }: { pairs: number; mostPairs: number; threshold: number },
): Difference {
  const isLast = pairs >= Math.min(mostPairs, LOOKS.at(-1) ?? 0);
  if (!isLast && !LOOKS.includes(pairs)) return { verdict: 'more', shift: null };
  const test = mannWhitney(good, bad);
  const shift = hodgesLehmann(good, bad, INTERVAL_ALPHA);
  if (test === null || shift === null) return { verdict: isLast ? 'alike' : 'more', shift };
  const size = Math.abs(shift.shift);
  if (test.p <= ALPHA / LOOKS.length && size >= threshold && size > 0) return { verdict: 'differ', shift };
  const isSmall = shift.interval !== null && Math.max(-shift.interval.low, shift.interval.high) < threshold;
  return { verdict: isLast || isSmall ? 'alike' : 'more', shift };
}
