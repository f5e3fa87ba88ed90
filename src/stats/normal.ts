/**
 * Quantile of the standard normal distribution: the value below which it lies with probability `p`.
 *
 * - Purpose: the starting point of Student's quantile.
 * - Convention: `p` within (0, 1); -Infinity at 0 and Infinity at 1. Relative error below 1.2e-9.
 * - Cost: O(1).
 * - Source: rational approximation by P. J. Acklam (2003).
 *
 * @example normalQuantile(0.975) // 1.959964
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < TAIL) {
    const root = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_ABOVE, root) / polynomial(TAIL_BELOW, root);
  }
  const offset = p - 0.5;
  const square = offset * offset;
  return (offset * polynomial(CENTRE_ABOVE, square)) / polynomial(CENTRE_BELOW, square);
}

const TAIL = 0.02425;
const CENTRE_ABOVE = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const CENTRE_BELOW = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
];
const TAIL_ABOVE = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BELOW = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

/** Highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
