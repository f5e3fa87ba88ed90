export interface Ranked {
  /** From 1 on, in the order of the values; equal values share the mean of their ranks. */
  ranks: Float64Array;
  /** Sum of t^3 - t over the groups of t equal values; 0 where all differ. */
  ties: number;
}

/**
 * Ranks of values, with mean ranks for equal ones.
 *
 * - Purpose: what the tests of Mann and Whitney, Kruskal and Wallis count with.
 * - Convention: the smallest value has rank 1; `ties` is the term of their corrections for ties.
 * - Cost: O(n log n).
 * - Source: M. G. Kendall, "The Treatment of Ties in Ranking Problems", Biometrika 33 (1945), 239-251.
 *
 * @example ranksOf([3, 1, 3]) // ranks 2.5, 1, 2.5 and ties 6
 */
export function ranksOf(values: ArrayLike<number>): Ranked {
  const sorted = new Float64Array(values).sort(); // by numbers alone: an order of places would cost five times as much
  const rankAt = new Float64Array(sorted.length);
  let ties = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    for (let at = start; at < end; at++) rankAt[at] = (start + 1 + end) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  const ranks = new Float64Array(sorted.length);
  for (let at = 0; at < ranks.length; at++)
    ranks[at] = rankAt[placeOf(sorted, values[at] as number)] as number;
  return { ranks, ties };
}

/** The first place of a value among ascending ones. */
function placeOf(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
