import { hodgesLehmann, type Shift } from '../stats/hodges-lehmann.ts';
import { mannWhitney } from '../stats/mann-whitney.ts';
import { pseudoMedian, signedRankP } from '../stats/signed-rank.ts';

/** After so many pairs it is looked at whether good and bad differ. */
const LOOKS = [6, 8, 11, 15, 20, 27, 36, 48];
/**
 * The chance of seeing a difference where there is none, at each look: of all runs of the one against all of the other, and of the
 * differences within pairs, which fewer than 10 pairs cannot show. Eight times the one and six times the other are 3 %.
 */
const ALPHA = { apart: 0.0022, inPairs: 0.002 };
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
 * - Convention: two tests, either of which may tell: that of Mann and Whitney over all runs, which needs few, and the signed-rank test of
 *   Wilcoxon over the differences within pairs, which does not mind a machine that becomes faster and slower. Each look has its share of
 *   the error (Bonferroni), so that all together err in at most 3 % of the cases. They differ where the shift (Hodges and Lehmann) is at
 *   least the threshold, too; they are alike once its interval (95 %, the narrower one of both) lies between the thresholds.
 * - Cost: O(n log n) a look.
 *
 * @param good, bad in the order of the runs: those at the same index are a pair
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
  const differences = Array.from({ length: pairs }, (_, index) => (bad[index] ?? 0) - (good[index] ?? 0));
  const apart = hodgesLehmann(good, bad, INTERVAL_ALPHA);
  const inPairs = pseudoMedian(differences, INTERVAL_ALPHA);
  const isTold = [
    (mannWhitney(good, bad)?.p ?? 1) <= ALPHA.apart && isLarge(apart, threshold),
    signedRankP(differences) <= ALPHA.inPairs && isLarge(inPairs, threshold),
  ];
  const shift = widthOf(inPairs) < widthOf(apart) ? inPairs : apart;
  if (isTold.includes(true)) return { verdict: 'differ', shift };
  const { low, high } = shift?.interval ?? EVERYTHING;
  return { verdict: isLast || Math.max(-low, high) < threshold ? 'alike' : 'more', shift };
}

const EVERYTHING = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function isLarge(shift: Shift | null, threshold: number): boolean {
  return shift !== null && shift.shift !== 0 && Math.abs(shift.shift) >= threshold;
}

function widthOf(shift: Shift | null): number {
  const { low, high } = shift?.interval ?? EVERYTHING;
  return high - low;
}
