/**
 * What the search for change points looks at: a series without gaps, single spikes and units, short enough for an exact search.
 */
export interface View {
  values: Float64Array;
  /** For each value of the view, the place of the first value of the series that is in it, and one more for the end. */
  starts: Int32Array;
}

/** The longest gap that is bridged. */
const BRIDGED = 3;

/** A range narrower than this share of the values is rounding. */
const CONSTANT = 1e-9;

const SPIKE = { reach: 3, deviations: 8 };

/** A series without gaps. */
export interface Whole {
  /** Moved into -1..1, so that no sum overflows. */
  values: Float64Array;
  /** For each of them the index of the observation that it stands for; for one in a gap, of the first one after it. */
  indices: number[];
}

/** Short gaps are bridged by straight lines, so that a season keeps its step; long ones passed over. Null where nothing can be seen. */
export function wholeSeries(values: readonly (number | null)[]): Whole | null {
  const bridged = bridge(values);
  const { low, high } = rangeOf(bridged.values);
  const middle = low / 2 + high / 2;
  const reach = high / 2 - low / 2;
  if (!(reach > CONSTANT * Math.abs(middle))) return null; // constant but for rounding, or nothing measured
  return {
    values: Float64Array.from(bridged.values, value => (value - middle) / reach),
    indices: bridged.indices,
  };
}

/**
 * Takes single spikes out (Hampel filter): a value more than 8 deviations from the median of the 7 around it becomes that median.
 *
 * - Purpose: a spike is over at once; it is no change of level, but would move every least-squares fit.
 * - Convention: the deviation is 1.4826 times the median distance to the running median, and the mean distance where that is 0.
 * - Cost: O(n).
 * - Source: Hampel, "The Influence Curve and Its Role in Robust Estimation", JASA 69 (1974), 383-393.
 */
export function withoutSpikes(values: Float64Array): Float64Array {
  const width = 2 * SPIKE.reach + 1;
  if (values.length < width) return values;
  const around = new Float64Array(width);
  const medians = values.map((_, index) => {
    const start = Math.max(0, Math.min(index - SPIKE.reach, values.length - width));
    return middleOf(values, start, around);
  });
  const distances = values.map((value, index) => Math.abs(value - (medians[index] ?? 0)));
  const limit = SPIKE.deviations * (1.4826 * medianOf(distances.slice()) || 1.2533 * meanOf(distances));
  const isSpike = (index: number): boolean =>
    (distances[index] ?? 0) > limit && index >= SPIKE.reach && index < values.length - SPIKE.reach;
  return values.map((value, index) => (isSpike(index) ? (medians[index] ?? value) : value));
}

/** The means of equally long pieces, so few that there are at most `most`; the series itself where it is short enough. */
export function coarsened(values: Float64Array, most: number): View {
  const size = Math.ceil(values.length / most);
  const count = Math.floor(values.length / size);
  // What is left over goes to the last piece.
  const starts = Int32Array.from({ length: count + 1 }, (_, at) =>
    at === count ? values.length : at * size,
  );
  const means = new Float64Array(count);
  for (let at = 0; at < count; at++) means[at] = meanOf(values.subarray(starts[at], starts[at + 1]));
  return { values: means, starts };
}

function bridge(values: readonly (number | null)[]): { values: number[]; indices: number[] } {
  const whole: { values: number[]; indices: number[] } = { values: [], indices: [] };
  let last = Number.NEGATIVE_INFINITY;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) return;
    const from = whole.values.at(-1) ?? value;
    const steps = index - last - 1 <= BRIDGED ? index - last : 1;
    for (let step = 1; step <= steps; step++) {
      whole.values.push(from * (1 - step / steps) + value * (step / steps));
      whole.indices.push(index);
    }
    last = index;
  });
  return whole;
}

function rangeOf(values: readonly number[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** The median of a few values from a place on: as many, an odd number, as `sorted` has room for. */
function middleOf(values: Float64Array, start: number, sorted: Float64Array): number {
  for (let count = 0; count < sorted.length; count++) {
    const value = values[start + count] as number;
    let place = count;
    for (; place > 0 && (sorted[place - 1] as number) > value; place--)
      sorted[place] = sorted[place - 1] as number;
    sorted[place] = value;
  }
  return sorted[sorted.length >> 1] as number;
}

/** Sorts the array that it is given. */
export function medianOf(values: Float64Array): number {
  const sorted = values.sort();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
