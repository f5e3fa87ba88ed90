const EULER = 0.5772156649015329;

/**
 * Average path length: how many comparisons an unsuccessful search in a random binary tree of so many values takes, c(n).
 *
 * - Purpose: what a leaf that holds n values would have grown to, and the yardstick that makes path lengths a score.
 * - Convention: c(n) = 2 H(n - 1) - 2 (n - 1) / n with H(i) = ln(i) + 0.5772156649 as in the paper (and scikit-learn) from n = 3 on,
 *   where the exact harmonic number would be larger by at most 1 / i; c(2) = 1, c(1) = c(0) = 0.
 * - Cost: O(1).
 * - Source: Liu, Ting and Zhou, "Isolation Forest", ICDM 2008, equation 1; the small cases from its longer version, TKDD 6 (2012).
 *
 * @example averagePathLength(256) // 10.2448
 */
export function averagePathLength(count: number): number {
  if (count < 2) return 0;
  if (count === 2) return 1;
  return 2 * (Math.log(count - 1) + EULER) - (2 * (count - 1)) / count;
}
