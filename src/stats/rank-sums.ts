/** Elementary steps of the exact distribution, about a millisecond. */
const MOST_STEPS = 500_000;

/** Whether the exact distribution of a rank sum costs little: 18 values against 18, 10 against 60, 5 against 130. */
export function isCheaplyExact(n: number, m: number): boolean {
  return ((n + m) * Math.min(n, m)) ** 2 <= MOST_STEPS;
}

/**
 * Exact distribution of a rank sum: for each sum of doubled ranks, in how many ways `size` of the ranks make it.
 *
 * - Purpose: exact p values and intervals of Mann and Whitney's test for small samples, with equal values too.
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
