/**
 * Lists of numbers as one: each with its length before it. What a detector has learned is kept in this form, as it is exact, small, and
 * quickly read again.
 *
 * @example flat([[1, 2], []]) // [2, 1, 2, 0]
 */
export function flat(lists: readonly ArrayLike<number>[]): Float64Array<ArrayBuffer> {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length + 1, 0));
  let end = 0;
  for (const list of lists) {
    all[end] = list.length;
    all.set(list, end + 1);
    end += list.length + 1;
  }
  return all;
}

/** The lists again; null where the numbers are not so many lists, or one of them is no number. */
export function unflat(all: Float64Array, count: number): Float64Array[] | null {
  const lists: Float64Array[] = [];
  let end = 0;
  while (end < all.length) {
    const length = all[end] ?? 0;
    if (!Number.isInteger(length) || length < 0 || end + 1 + length > all.length) return null;
    lists.push(all.subarray(end + 1, end + 1 + length));
    end += length + 1;
  }
  return lists.length === count && all.every(Number.isFinite) ? lists : null;
}
