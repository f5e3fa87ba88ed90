import type { Interval } from './hodges-lehmann.ts';
import { normalQuantile } from './normal.ts';
import { quantile, quantileOfSorted } from './quantile.ts';
import { ranksOf } from './ranks.ts';

export interface Slope {
  /** Units of the values per unit of the places. */
  slope: number;
  /** Of the line through the middle of all points. */
  intercept: number;
  interval: Interval;
}

/**
 * Theil and Sen's slope: the median of the slopes between all pairs of points.
 *
 * - Purpose: how fast a metric rises or falls, unmoved by up to 29 % wild values and by gaps.
 * - Convention: pairs at the same place are passed over; the intercept is the median of the values less slope times the median place. The
 *   interval has the level 1 - `alpha`, by the variance of Kendall's statistic with ties among the values. Null for fewer than two places.
 * - Cost: O(n^2 log n) and n^2 / 2 numbers of memory: for some hundreds of points.
 * - Source: P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63 (1968), 1379-1389.
 *
 * @example theilSen([0, 1, 2, 3], [1, 3, 5, 100], 0.05) // slope 18.5 of 2, 2, 2, 33, 48.5, 95
 */
export function theilSen(places: readonly number[], values: readonly number[], alpha: number): Slope | null {
  const slopes = slopesOf(places, values);
  const slope = quantileOfSorted(slopes, 0.5);
  if (slope === null) return null;
  const intercept = (quantile(values, 0.5) ?? 0) - slope * (quantile(places, 0.5) ?? 0);
  return { slope, intercept, interval: intervalOf(slopes, reachOf(places, values, alpha)) };
}

/** In ascending order. */
function slopesOf(places: readonly number[], values: readonly number[]): Float64Array {
  const slopes = new Float64Array((places.length * (places.length - 1)) / 2);
  let count = 0;
  for (let index = 1; index < places.length; index++) {
    for (let other = 0; other < index; other++) {
      const run = (places[index] ?? 0) - (places[other] ?? 0);
      if (run !== 0) slopes[count++] = ((values[index] ?? 0) - (values[other] ?? 0)) / run;
    }
  }
  return slopes.subarray(0, count).sort();
}

/** How many ranks the interval reaches, to both sides together. */
function reachOf(places: readonly number[], values: readonly number[], alpha: number): number {
  const n = values.length;
  const ties = tiedVariance(places) + tiedVariance(values);
  const variance = (n * (n - 1) * (2 * n + 5) - ties) / 18;
  return -normalQuantile(alpha / 2) * Math.sqrt(Math.max(variance, 0));
}

function intervalOf(slopes: Float64Array, reach: number): Interval {
  const count = slopes.length;
  const low = Math.max(Math.round((count - reach) / 2) - 1, 0);
  const high = Math.min(Math.round((count + reach) / 2), count - 1);
  return { low: slopes[low] ?? 0, high: slopes[high] ?? 0 };
}

/** Sum of t (t - 1) (2 t + 5) over the groups of t equal values: what ties take from the variance of Kendall's statistic. */
export function tiedVariance(values: readonly number[]): number {
  const { ranks } = ranksOf(values);
  const groups = new Map<number, number>();
  for (const rank of ranks) groups.set(rank, (groups.get(rank) ?? 0) + 1);
  return [...groups.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
}
