import type { Modes } from './modes.ts';

/** What the first so many values of a segment are like. */
export interface Level {
  count: number;
  mean: number;
  deviation: number;
  /** By how much the variance of a mean is larger than that of independent values, because neighbours are alike. */
  inflation: number;
}

/** Until enough has been seen, neighbours are taken to be alike like this (as if that many values had shown it). */
const PRIOR = { correlation: 0.4, values: 8 };
const MOST_CORRELATION = 0.95;
/** Values that are so alike that fewer are left, as a share of all, say nothing of their variance. */
const LEAST_DEGREES = 0.25;
const CAPACITY = 1024;
/** Fewer values have no mean to speak of. */
const FIRST = 5;
/** Levels that are remembered: more than are asked for with each value. */
const REMEMBERED = 32;

/**
 * The values since the last change of level, with running sums, so that the level of any beginning of them costs O(1).
 *
 * With two modes each value is taken as its distance from the nearer one; else as its distance from the first value, which keeps the
 * sums exact however far the level is from 0.
 */
export class Segment {
  /** At most this many values. */
  static readonly capacity = CAPACITY;
  readonly #values = new Float64Array(CAPACITY);
  readonly #distances = new Float64Array(CAPACITY);
  readonly #sums = new Float64Array(CAPACITY + 1);
  readonly #squares = new Float64Array(CAPACITY + 1);
  readonly #products = new Float64Array(CAPACITY + 1);
  /** By their count; they stay what they are until the segment begins anew. */
  readonly #levels: (Level | null)[] = Array(REMEMBERED).fill(null);
  #length = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  #origin = 0;
  /** Of the distances from the mean that was known when they came. */
  #absolute = 0;
  #modes: Modes | null = null;
  /** Noise below this standard deviation is no more than the resolution of a meter. */
  #resolution = 0;

  get length(): number {
    return this.#length;
  }

  get lowest(): number {
    return this.#lowest;
  }

  get highest(): number {
    return this.#highest;
  }

  get modes(): Modes | null {
    return this.#modes;
  }

  get resolution(): number {
    return this.#resolution;
  }

  /** Begins anew with these values; only the newest where they are too many. */
  reset(values: ArrayLike<number>, modes: Modes | null, resolution: number): void {
    const kept = Float64Array.from(values).subarray(-CAPACITY + 1); // a copy: they may be our own
    this.#modes = modes;
    this.#resolution = resolution;
    this.#levels.fill(null);
    this.#length = 0;
    this.#absolute = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
    for (const value of kept) this.push(value);
  }

  push(value: number): void {
    const index = this.#length;
    if (index === 0) this.#origin = value;
    const distance = this.distance(value);
    if (index >= FIRST) this.#absolute += Math.abs(distance - at(this.#sums, index) / index);
    this.#values[index] = value;
    this.#distances[index] = distance;
    this.#sums[index + 1] = at(this.#sums, index) + distance;
    this.#squares[index + 1] = at(this.#squares, index) + distance * distance;
    const product = index === 0 ? 0 : distance * at(this.#distances, index - 1);
    this.#products[index + 1] = at(this.#products, index) + product;
    this.#length = index + 1;
    this.#lowest = Math.min(this.#lowest, value);
    this.#highest = Math.max(this.#highest, value);
  }

  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /** From the nearer mode, or from the first value. */
  distance(value: number): number {
    if (this.#modes === null) return value - this.#origin;
    const { low, high } = this.#modes;
    return Math.abs(value - low) < Math.abs(value - high) ? value - low : value - high;
  }

  /** Of the first `count` distances. */
  level(count: number): Level {
    const place = count % REMEMBERED;
    const known = this.#levels[place];
    if (known?.count === count) return known;
    const level = this.#levelOf(count);
    this.#levels[place] = level;
    return level;
  }

  /**
   * Among few values the correlation of neighbours comes out too small, and so does the variance where they
   * are alike: both are corrected by what is known of that (Kendall, "Note on Bias in the Estimation of Autocorrelation", Biometrika
   * 41 (1954); Bayley and Hammersley, Supplement to the JRSS 8 (1946)).
   */
  #levelOf(count: number): Level {
    const mean = at(this.#sums, count) / count;
    const around = Math.max(at(this.#squares, count) - count * mean * mean, 0);
    const ends = at(this.#distances, 0) + at(this.#distances, count - 1);
    const products =
      at(this.#products, count) - mean * (2 * at(this.#sums, count) - ends) + (count - 1) * mean * mean;
    const lag = around === 0 ? 0 : products / around;
    const seen = around === 0 ? 0 : lag + (1 + 3 * lag) / count;
    const share = count / (count + PRIOR.values);
    const correlation = share * seen + (1 - share) * PRIOR.correlation;
    const bounded = Math.min(Math.max(correlation, 0), MOST_CORRELATION);
    const inflation = (1 + bounded) / (1 - bounded);
    const degrees = Math.max(count - inflation, LEAST_DEGREES * count);
    return {
      count,
      mean,
      deviation: Math.sqrt(around / degrees + this.#resolution * this.#resolution),
      inflation,
    };
  }

  /** Mean distance of the values from the mean before them; 0 while there are few. */
  get meanAbsolute(): number {
    return this.#length <= FIRST ? 0 : this.#absolute / (this.#length - FIRST);
  }

  /** Mean of the last `count` distances, each held within `limit` of `centre`. */
  meanOfLast(count: number, centre: number, limit: number): number {
    const length = this.#length;
    if (limit === Number.POSITIVE_INFINITY) {
      return (at(this.#sums, length) - at(this.#sums, length - count)) / count;
    }
    let sum = 0;
    for (let index = length - count; index < length; index += 1) {
      const distance = at(this.#distances, index) - centre;
      sum += centre + Math.max(-limit, Math.min(limit, distance));
    }
    return sum / count;
  }

  /** How many of the last `count` distances lie beyond a middle, seen from `centre`. */
  beyond(count: number, centre: number, middle: number): number {
    const side = Math.sign(middle - centre);
    let beyond = 0;
    for (let index = this.#length - count; index < this.#length; index += 1) {
      if ((at(this.#distances, index) - middle) * side > 0) beyond += 1;
    }
    return beyond;
  }

  /** Mean of a part of the values themselves. */
  meanOf(from: number, to: number): number {
    // Without modes the distances differ from the values by the first one alone.
    if (this.#modes === null) return this.#origin + (at(this.#sums, to) - at(this.#sums, from)) / (to - from);
    let sum = 0;
    for (let index = from; index < to; index += 1) sum += at(this.#values, index);
    return sum / (to - from);
  }
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0;
}
