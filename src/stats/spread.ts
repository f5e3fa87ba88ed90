import { mean } from './mean.ts';
import { quantile } from './quantile.ts';

/**
 * Variance of a sample: the mean square distance from the mean, over n - 1.
 *
 * - Purpose: the noise of a metric.
 * - Convention: unbiased (n - 1); null for fewer than two values. Two passes, so that a large level costs no digits.
 * - Cost: O(n).
 * - Source: textbook definition; NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.5.6.
 *
 * @example variance([2, 4, 4, 4, 5, 5, 7, 9]) // 4.571429
 */
export function variance(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/**
 * Standard deviation of a sample, in the unit of its values: the root of the variance, with its conventions.
 *
 * @example standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]) // 2.13809
 */
export function standardDeviation(values: readonly number[]): number | null {
  const squared = variance(values);
  return squared === null ? null : Math.sqrt(squared);
}

/**
 * Median absolute deviation: the median distance from the median.
 *
 * - Purpose: the noise of a metric, unmoved by up to half of its runs being wild.
 * - Convention: as it is, without the factor 1.4826 that makes it a standard deviation of normal values; null for no values.
 * - Cost: O(n log n).
 * - Source: F. R. Hampel, "The Influence Curve and its Role in Robust Estimation", JASA 69 (1974), 383-393.
 *
 * @example medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9]) // 1
 */
export function medianAbsoluteDeviation(values: readonly number[]): number | null {
  const median = quantile(values, 0.5);
  if (median === null) return null;
  return quantile(
    values.map(value => Math.abs(value - median)),
    0.5,
  );
}
