/** Elementary steps of the exact distribution, about a millisecond. */
const MOST_STEPS = 500_000;

/** Whether the exact distribution of a rank sum costs little: 18 values against 18, 10 against 60, 5 against 130. */
export function isCheaplyExact(n: number, m: number): boolean {
  return ((n + m) * Math.min(n, m)) ** 2 <= MOST_STEPS;
}

/**
 * Exact distribution of Mann and Whitney's U without ties: for each u from 0 to n m, in how many ways that many of the pairs are won.
 *
 * - Purpose: exact p values and intervals of Mann and Whitney's test for small samples.
 * - Convention: the ways are whole numbers and sum to n + m over n; rounded above 2^53.
 * - Cost: O(n n m), n the smaller sample.
 * - Source: the coefficients of the Gaussian binomial, the product of (1 - q^(m + i)) / (1 - q^i) for i from 1 to n; G. E. Andrews, "The
 *   Theory of Partitions", chapter 3.
 *
 * @example pairWays(2, 2) // 1, 1, 2, 1, 1
 */
export function pairWays(one: number, other: number): Float64Array {
  const [n, m] = [Math.min(one, other), Math.max(one, other)];
  const ways = new Float64Array(n * m + 1);
  ways[0] = 1;
  for (let i = 1; i <= n; i++) {
    for (let u = ways.length - 1; u >= m + i; u--) ways[u] = (ways[u] ?? 0) - (ways[u - m - i] ?? 0);
    for (let u = i; u < ways.length; u++) ways[u] = (ways[u] ?? 0) + (ways[u - i] ?? 0);
  }
  return ways;
}

/**
 * Exact distribution of a rank sum, with ties: for each sum of doubled ranks, in how many ways `size` of the ranks make it.
 *
 * - Purpose: exact p values of Mann and Whitney's test for small samples with equal values.
 * - Convention: ranks are doubled, as those of equal values may be halves. Counts above 2^53 are rounded, to 16 digits.
 * - Cost: O(n^2 size^2) for n ranks.
 * - Source: the recursion of Mann and Whitney (1947) over ranks instead of values; as a network of sums in B. Streitberg and J. Roehmel,
 *   "Exact Distributions for Permutation and Rank Tests", Statistical Software Newsletter 12 (1986), 10-17.
 *
 * @example rankSumWays(Float64Array.of(1, 2, 3), 2) // 1 at 6, 8 and 10: 1 + 2, 1 + 3 and 2 + 3, doubled
 */
export function rankSumWays(ranks: Float64Array, size: number): Float64Array {
  const doubled = ranks.map(rank => 2 * rank).sort();
  const most = doubled.subarray(doubled.length - size).reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(most + 1));
  if (ways[0] !== undefined) ways[0][0] = 1;
  let reach = 0; // no sum is larger yet
  for (const rank of doubled) {
    reach = Math.min(reach + rank, most);
    for (let chosen = size; chosen >= 1; chosen--) addShifted(ways[chosen], ways[chosen - 1], rank, reach);
  }
  return ways[size] ?? new Float64Array(1);
}

function addShifted(
  target: Float64Array | undefined,
  source: Float64Array | undefined,
  by: number,
  reach: number,
): void {
  if (target === undefined || source === undefined) return;
  for (let sum = by; sum <= reach; sum++) target[sum] = (target[sum] ?? 0) + (source[sum - by] ?? 0);
}
