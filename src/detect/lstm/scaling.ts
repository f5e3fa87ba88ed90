import { quantile } from '../../stats/quantile.ts';

/** What makes the values of one metric comparable: (value - centre) / scale. */
export interface Scaling {
  centre: number;
  /** Above 0. */
  scale: number;
}

/** Scaled values are held within this: one wild value must not drown the rest of its window, in training least of all. */
export const WIDEST = 10;

/** Shares of a normal distribution below one deviation under and over its mean. */
const LOW = 0.1587;
const HIGH = 0.8413;

/** Of a metric that never changed: a step of a quarter of its level is then five scales. */
const STILL_SHARE = 0.05;

/**
 * Centre and scale of a metric that outliers do not move: the median, and half of the range that the middle 68 % of the values take.
 *
 * - Purpose: standardised inputs of the autoencoder.
 * - Convention: for normal noise the scale is the standard deviation. Up to 16 % of the values on one side may be anything; unlike the
 *   median absolute deviation it sees a second mode that every fourth value belongs to. Where the middle never changes: the standard
 *   deviation; where nothing does: 5 % of the level, or 1.
 * - Cost: O(n log n).
 * - Source: percentile half-width, the usual robust deviation of metrology (JCGM 101:2008, 7.7).
 */
export function scalingOf(values: readonly number[]): Scaling {
  const median = quantile(values, 0.5) ?? 0;
  const centre = Number.isFinite(median) ? median : 0; // values at both ends of what a double can hold
  const halfWidth = ((quantile(values, HIGH) ?? 0) - (quantile(values, LOW) ?? 0)) / 2;
  const scale = [halfWidth, deviationOf(values, centre), STILL_SHARE * Math.abs(centre)].find(isScale) ?? 1;
  return { centre, scale };
}

function deviationOf(values: readonly number[], centre: number): number {
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / Math.max(values.length, 1));
}

function isScale(scale: number): boolean {
  return Number.isFinite(scale) && scale > Number.MIN_VALUE / Number.EPSILON;
}

/** A value as the network sees it. One that is missing is taken for the usual one, 0. */
export function scaled(value: number | null | undefined, { centre, scale }: Scaling): number {
  if (value === null || value === undefined || !Number.isFinite(value)) return 0;
  return Math.min(Math.max((value - centre) / scale, -WIDEST), WIDEST);
}
