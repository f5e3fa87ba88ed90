import { normalQuantile } from './normal.ts';
import { differenceAt } from './pair-differences.ts';
import { isCheaplyExact, pairWays } from './rank-sums.ts';

export interface Interval {
  low: number;
  high: number;
}

export interface Shift {
  /** How much larger the second sample's values are. */
  shift: number;
  /** Null where the samples are too small for any at this level. */
  interval: Interval | null;
}

/**
 * The shift of Hodges and Lehmann between two samples: the median of all differences between a value of the one and one of the other.
 *
 * - Purpose: by how much a program became slower, told by the same comparisons as Mann and Whitney's test, unmoved by wild runs.
 * - Convention: second - first. The interval holds the shifts that the test would not reject at `alpha` (two-tailed): from the k-th
 *   smallest to the k-th largest difference, with an exact k where the test is exact, else by the normal approximation. Null where a
 *   sample is empty.
 * - Cost: O(n log n), about 200 passes over both samples.
 * - Source: J. L. Hodges and E. L. Lehmann, "Estimates of Location Based on Rank Tests", Annals of Mathematical Statistics 34 (1963),
 *   598-611; the interval: Hollander and Wolfe, "Nonparametric Statistical Methods", section 4.3.
 *
 * @example hodgesLehmann([1, 2, 3], [4, 5, 6], 0.1) // shift 3, from 1 to 5
 */
export function hodgesLehmann(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  alpha: number,
): Shift | null {
  const pairs = first.length * second.length;
  if (pairs === 0) return null;
  const [a, b] = [Float64Array.from(first).sort(), Float64Array.from(second).sort()];
  const at = (rank: number): number => differenceAt(a, b, rank);
  const half = (pairs + 1) / 2;
  const rank = lowRank(a.length, b.length, alpha);
  return {
    shift: at(Math.floor(half)) / 2 + at(Math.ceil(half)) / 2,
    interval: rank >= 1 ? { low: at(rank), high: at(pairs + 1 - rank) } : null,
  };
}

/** The largest k for which fewer than k of the pairs being the larger ones is no likelier than half of `alpha`; 0 where none is. */
function lowRank(n: number, m: number, alpha: number): number {
  if (!isCheaplyExact(n, m)) {
    const spread = Math.sqrt((n * m * (n + m + 1)) / 12);
    return Math.floor((n * m) / 2 + 0.5 + normalQuantile(alpha / 2) * spread);
  }
  const ways = pairWays(n, m);
  const allowed = (alpha / 2) * ways.reduce((sum, each) => sum + each, 0) * (1 + 1e-12);
  let rank = 0;
  for (let below = ways[0] ?? 0; below <= allowed && rank < ways.length; below += ways[rank] ?? 0) rank++;
  return rank;
}
