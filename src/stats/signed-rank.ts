import type { Interval, Shift } from './hodges-lehmann.ts';
import { normalQuantile } from './normal.ts';
import { normalTwoTailed } from './normal-tail.ts';
import { ranksOf } from './ranks.ts';

/** Up to here the exact distribution costs about a millisecond. */
const MOST_EXACT = 60;

/**
 * Wilcoxon's signed-rank test: whether values lie around 0.
 *
 * - Purpose: compares runs with one fixed number (what is left is their difference from it).
 * - Convention: two-tailed p. Zeros are left out. Exact up to 60 values, with equal distances too; beyond that the normal approximation
 *   with corrections for ties and continuity. 1 where nothing differs from 0.
 * - Cost: O(n log n); exactly O(n^3), at most 1 ms.
 * - Source: F. Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1 (1945), 80-83.
 *
 * @example signedRankP([1, 2, 3, 4, 5, 6]) // 0.03125: two of the 64 ways to give signs
 */
export function signedRankP(values: readonly number[]): number {
  const differing = values.filter(value => value !== 0);
  const n = differing.length;
  const { ranks, ties } = ranksOf(differing.map(Math.abs));
  const positive = ranks.reduce((sum, rank, index) => sum + ((differing[index] ?? 0) > 0 ? rank : 0), 0);
  if (n <= MOST_EXACT) return exactP(ranks, positive);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const distance = Math.abs(positive - (n * (n + 1)) / 4) - 0.5; // continuity
  return distance > 0 ? normalTwoTailed(distance / Math.sqrt(variance)) : 1;
}

/**
 * The pseudo-median of Hodges and Lehmann: the median of the means of all pairs, each value with itself too.
 *
 * - Purpose: how far runs lie from a fixed number, told by the same comparisons as Wilcoxon's test.
 * - Convention: the interval holds what the test would not reject at `alpha`; null where there are too few values for it. Null for no
 *   values.
 * - Cost: O(n^2 log n) and n^2 / 2 numbers of memory: for some hundreds of values.
 * - Source: Hollander and Wolfe, "Nonparametric Statistical Methods", sections 3.2 and 3.3.
 *
 * @example pseudoMedian([1, 2, 6], 0.05) // shift 2.75: the means are 1, 1.5, 2, 3.5, 4, 6
 */
export function pseudoMedian(values: readonly number[], alpha: number): Shift | null {
  if (values.length === 0) return null;
  const means = values.flatMap((value, index) => values.slice(index).map(other => value / 2 + other / 2));
  const sorted = Float64Array.from(means).sort();
  const half = (sorted.length - 1) / 2;
  const shift = (sorted[Math.floor(half)] ?? 0) / 2 + (sorted[Math.ceil(half)] ?? 0) / 2;
  return { shift, interval: between(sorted, lowRank(values.length, alpha)) };
}

function between(sorted: Float64Array, rank: number): Interval | null {
  const low = sorted[rank - 1];
  const high = sorted[sorted.length - rank];
  return low === undefined || high === undefined ? null : { low, high };
}

/** Over all ways to give signs to the ranks. */
function exactP(ranks: Float64Array, positive: number): number {
  const ways = waysToSum(ranks);
  const [seen, all] = [2 * positive, 2 ** ranks.length];
  let [below, above] = [0, 0];
  ways.forEach((count, sum) => {
    if (sum <= seen) below += count;
    if (sum >= seen) above += count;
  });
  return Math.min(1, (2 * Math.min(below, above)) / all);
}

function lowRank(n: number, alpha: number): number {
  if (n > MOST_EXACT) {
    const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    return Math.floor((n * (n + 1)) / 4 + 0.5 + normalQuantile(alpha / 2) * spread);
  }
  const ways = waysToSum(Float64Array.from({ length: n }, (_, index) => index + 1));
  const allowed = (alpha / 2) * 2 ** n * (1 + 1e-12);
  let rank = 0;
  for (let below = ways[0] ?? 0; below <= allowed && 2 * rank < ways.length; below += ways[2 * rank] ?? 0)
    rank++;
  return rank;
}

/** For each sum of doubled ranks, in how many ways some of them make it. */
function waysToSum(ranks: Float64Array): Float64Array {
  const doubled = ranks.map(rank => 2 * rank);
  const ways = new Float64Array(doubled.reduce((sum, rank) => sum + rank, 0) + 1);
  ways[0] = 1;
  for (const rank of doubled) {
    for (let sum = ways.length - 1; sum >= rank; sum--)
      ways[sum] = (ways[sum] ?? 0) + (ways[sum - rank] ?? 0);
  }
  return ways;
}
