/**
 * Akaike's information criterion, corrected for few values: which of several models of the same values to take; less is better.
 *
 * - Convention: for normal errors, n log(squares / n) + 2 k + 2 k (k + 1) / (n - k - 1) with k as the parameters and the variance.
 * - Cost: O(1).
 * - Source: Hurvich and Tsai, "Regression and time series model selection in small samples", Biometrika 76 (1989), 297-307.
 */
export function correctedCriterion(squares: number, count: number, parameters: number): number {
  const free = parameters + 1;
  const left = count - free - 1;
  if (left <= 0) return Number.MAX_VALUE;
  return count * Math.log(Math.max(squares / count, 1e-30)) + 2 * free + (2 * free * (free + 1)) / left;
}
