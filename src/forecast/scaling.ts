import { quantile } from '../stats/quantile.ts';

/** The same series about 0 and of about the size of 1, so that neither sums nor squares leave the range of a double. */
export interface Scaled {
  values: Float64Array;
  /** Back to the unit of the series. */
  original(value: number): number;
  /** A value of the series' own unit among the scaled ones. */
  scaled(value: number): number;
  /** The same for a difference: an error, a width. */
  originalDifference(difference: number): number;
}

/** Of the largest value: what differs by less is rounding. */
const RESOLUTION = 1e-14;

/**
 * Takes the median away and divides by the mean distance from it; null where all values are alike.
 *
 * Cost: O(n log n).
 *
 * @param given finite
 * @param nonNegative what goes back to the unit of the series does not go below 0
 */
export function scaledSeries(given: readonly number[], nonNegative: boolean): Scaled | null {
  const largest = given.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return null;
  const shares = Float64Array.from(given, value => value / largest);
  const middle = quantile(shares, 0.5) ?? 0;
  const spread = shares.reduce((sum, share) => sum + Math.abs(share - middle), 0) / shares.length;
  if (!(spread > RESOLUTION)) return null;
  const least = nonNegative ? 0 : -Number.MAX_VALUE;
  return {
    values: shares.map(share => (share - middle) / spread),
    original: value => Math.max(within((value * spread + middle) * largest), least),
    scaled: value => (value / largest - middle) / spread,
    originalDifference: difference => within(difference * spread * largest),
  };
}

function within(value: number): number {
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}
