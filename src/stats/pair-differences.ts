/**
 * Differences between all pairs of two samples, without making them: how many are small, and which is the k-th smallest.
 *
 * - Purpose: Hodges and Lehmann's shift and its interval, for samples of thousands.
 * - Convention: a difference is second - first; both samples ascending and not empty; `rank` from 1 to n m, else the nearer end.
 * - Cost: O(n + m) a count, or O(m log n) where the second sample is far smaller; at most 70 counts a difference; no memory.
 * - Source: bisection on the value, counted as in D. B. Johnson and T. Mizoguchi, "Selecting the Kth Element in X + Y", SIAM Journal on
 *   Computing 7 (1978), 147-153.
 *
 * @example differenceAt(Float64Array.of(1, 2), Float64Array.of(4, 8), 2) // 3: of 2, 3, 6, 7 the second
 */
export function differenceAt(first: Float64Array, second: Float64Array, rank: number): number {
  const wanted = Math.min(Math.max(Math.round(rank), 1), first.length * second.length);
  let low = (second[0] ?? 0) - (first.at(-1) ?? 0);
  let high = (second.at(-1) ?? 0) - (first[0] ?? 0);
  if (countUpTo(first, second, low).count >= wanted) return low;
  // Always: fewer than wanted are <= low, and at least as many <= high. Both ends are differences, so that it comes to an end.
  for (;;) {
    const { count, largest, next } = countUpTo(first, second, low + (high - low) / 2);
    if (count >= wanted) {
      if (largest <= low || largest >= high) return high;
      high = largest;
    } else {
      if (next >= high) return high;
      low = next;
      if (countUpTo(first, second, low).count >= wanted) return low;
    }
  }
}

interface Counted {
  count: number;
  /** The largest difference that was counted, and the smallest one that was not. */
  largest: number;
  next: number;
}

/** From so many times smaller on each value of the smaller sample is looked up in the other. */
const FAR_SMALLER = 16;

function countUpTo(first: Float64Array, second: Float64Array, most: number): Counted {
  if (first.length > FAR_SMALLER * second.length) return countedByLookUp(first, second, most);
  let count = 0;
  let largest = Number.NEGATIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  let reach = 0; // how many of the second lie within reach; grows with the first
  for (const value of first) {
    while (reach < second.length && (second[reach] ?? 0) - value <= most) reach++;
    count += reach;
    if (reach > 0) largest = Math.max(largest, (second[reach - 1] ?? 0) - value);
    if (reach < second.length) next = Math.min(next, (second[reach] ?? 0) - value);
  }
  return { count, largest, next };
}

function countedByLookUp(first: Float64Array, second: Float64Array, most: number): Counted {
  let count = 0;
  let largest = Number.NEGATIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  for (const value of second) {
    let [from, to] = [0, first.length]; // the first one that is near enough lies within
    while (from < to) {
      const middle = (from + to) >> 1;
      if (value - (first[middle] ?? 0) <= most) to = middle;
      else from = middle + 1;
    }
    count += first.length - from;
    if (from < first.length) largest = Math.max(largest, value - (first[from] ?? 0));
    if (from > 0) next = Math.min(next, value - (first[from - 1] ?? 0));
  }
  return { count, largest, next };
}
