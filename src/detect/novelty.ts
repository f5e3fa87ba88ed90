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
  const value = values[last] ?? 0;
  const first = Math.max(1, last - MEMORY);
  let bestShort = Number.POSITIVE_INFINITY;
  let bestLong = Number.POSITIVE_INFINITY;
  const shortWeight = SHORT[0] ?? 0;
  const longWeight = LONG[0] ?? 0;
  for (let end = last - 1; end >= first; end--) {
    const gap = value - (values[end] ?? 0);
    let short = gap * gap * shortWeight;
    let long = gap * gap * longWeight;
    if (short >= bestShort && long >= bestLong) continue;
    const length = Math.min(PIECE, end + 1);
    for (let age = 1; age < length; age++) {
      const further = (values[last - age] ?? 0) - (values[end - age] ?? 0);
      short += further * further * (SHORT[age] ?? 0);
      long += further * further * (LONG[age] ?? 0);
    }
    bestShort = Math.min(bestShort, short);
    bestLong = Math.min(bestLong, long);
    if (bestShort <= enoughShort && bestLong <= enoughLong) break;
  }
  found[0] = Math.sqrt(bestShort);
  found[1] = Math.sqrt(bestLong);
}
