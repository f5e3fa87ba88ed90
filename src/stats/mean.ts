/**
 * Arithmetic mean: the sum of the values divided by their number.
 *
 * - Purpose: the baseline of a metric, the averages of a module, the latency of a run's requests.
 * - Convention: null for no values. The sum runs from left to right, as a reader would add it up; where it leaves
 *   the range of a double although every value is in it, the mean is built from parts that cannot.
 * - Cost: O(n).
 * - Source: textbook definition, https://en.wikipedia.org/wiki/Arithmetic_mean
 *
 * @example mean([1, 2, 6]) // 3
 */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  if (Number.isFinite(sum)) return sum / values.length;
  const parts = values.reduce((total, value) => total + value / values.length, 0);
  return Math.min(Math.max(parts, -Number.MAX_VALUE), Number.MAX_VALUE); // rounding may carry it over the edge
}
