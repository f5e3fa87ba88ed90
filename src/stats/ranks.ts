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
  const order = Uint32Array.from({ length: values.length }, (_, index) => index);
  const at = (place: number): number => values[order[place] ?? 0] ?? 0;
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && at(end) === at(start)) end++;
    for (let place = start; place < end; place++) ranks[order[place] ?? 0] = (start + 1 + end) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { ranks, ties };
}
