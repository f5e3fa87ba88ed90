/**
 * Quantile: the value below which the share `p` of the values lies, between the two closest ranks by linear interpolation.
 *
 * - Purpose: the p95 of a run's requests.
 * - Convention: R type 7, the default of R, NumPy and Excel's PERCENTILE.INC: with the values in ascending order the
 *   rank is h = (n - 1) p, and the result lies between the values at floor(h) and floor(h) + 1. `p`: 0 (the smallest)
 *   to 1 (the largest); outside of that, the nearer end. The values are finite, may come in any order and stay as they
 *   are. Null for no values.
 * - Cost: O(n log n), for the sorting of a copy.
 * - Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996), 361-365.
 *
 * @example quantile([4, 1, 3, 2], 0.95) // 3.85
 */
export function quantile(values: ArrayLike<number>, p: number): number | null {
  return quantileOfSorted(values.length < 2 ? values : new Float64Array(values).sort(), p);
}

/** The same of values that are in ascending order already. Cost: O(1). */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number | null {
  const rank = (sorted.length - 1) * Math.min(Math.max(p, 0), 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) return null;
  return below + (rank - Math.floor(rank)) * (above - below);
}
