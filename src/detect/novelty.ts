/**
 * Novelty: how far the latest piece of a series is from the nearest piece seen before (the streaming left matrix profile, without
 * normalising, with weights that fall towards the past).
 *
 * - Purpose: sees values that never were, jumps between values that never followed one another, shapes that are new; and it needs
 *   no model: a season, two modes or a ramp are all known after they were seen once.
 * - Convention: null until there is something to compare with.
 * - Cost: the search through the last `MEMORY` pieces ends at the first that is near enough to be ordinary, mostly after a few;
 *   4 microseconds where the piece is new.
 * - Source: Yeh et al., "Matrix Profile I", ICDM 2016 (left profile: Zhu et al., ICDM 2017); discords: Keogh, Lin and Fu, ICDM 2005.
 */
export interface Novelty {
  /** Distance at each of the scales; then learns the value. Where it is at most that of `ordinary` it may be any size up to it. */
  next(value: number, ordinary: ArrayLike<number>): Float64Array | null;
}

/** Pieces that are remembered. */
const MEMORY = 4000;
/** How fast the weight of earlier values falls, in values. */
const SCALES = [1, 2] as const;
/** Beyond so many values the weights are nothing. */
const PIECE = 8;
/** Values in the buffer: twice what is remembered, so that it is moved together seldom. */
const MOST = 2 * MEMORY + PIECE;
const WEIGHTS = SCALES.map(scale => {
  const weights = Float64Array.from({ length: PIECE }, (_, age) => Math.exp(-age / scale));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
});
const [SHORT = new Float64Array(PIECE), LONG = new Float64Array(PIECE)] = WEIGHTS;

export function beginNovelty(): Novelty {
  let values = new Float64Array(128);
  const distances = new Float64Array(2);
  let end = 0;
  return {
    next(value, ordinary) {
      if (end === MOST) {
        values.copyWithin(0, end - MEMORY - PIECE, end);
        end = MEMORY + PIECE;
      } else if (end === values.length) values = longer(values);
      values[end++] = value;
      if (end < 3) return null;
      nearest(values, end - 1, ordinary, distances);
      return distances;
    },
  };
}

function longer(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(Math.min(2 * values.length, MOST));
  twice.set(values);
  return twice;
}

/** The smallest distances of the piece that ends at `last` to those that end before it. */
function nearest(values: Float64Array, last: number, ordinary: ArrayLike<number>, found: Float64Array): void {
  const enoughShort = (ordinary[0] ?? 0) ** 2;
  const enoughLong = (ordinary[1] ?? 0) ** 2;
  let bestShort = Number.POSITIVE_INFINITY;
  let bestLong = Number.POSITIVE_INFINITY;
  const first = Math.max(1, last - MEMORY);
  const value = values[last] as number;
  const before = values[last - 1] as number;
  const shortFirst = SHORT[0] as number;
  const shortSecond = SHORT[1] as number;
  const longFirst = LONG[0] as number;
  const longSecond = LONG[1] as number;
  // The innermost loop of `detect`: its indices are within the arrays, and two values tell most pieces apart without a branch between them.
  for (let end = last - 1; end >= first; end--) {
    const square = (value - (values[end] as number)) ** 2;
    const squareBefore = (before - (values[end - 1] as number)) ** 2;
    let short = square * shortFirst + squareBefore * shortSecond;
    let long = square * longFirst + squareBefore * longSecond;
    if (short >= bestShort && long >= bestLong) continue;
    const length = Math.min(PIECE, end + 1);
    for (let age = 2; age < length; age++) {
      const further = ((values[last - age] as number) - (values[end - age] as number)) ** 2;
      short += further * (SHORT[age] as number);
      long += further * (LONG[age] as number);
    }
    if (short < bestShort) bestShort = short;
    if (long < bestLong) bestLong = long;
    if (bestShort <= enoughShort && bestLong <= enoughLong) break;
  }
  found[0] = Math.sqrt(bestShort);
  found[1] = Math.sqrt(bestLong);
}
