/** Each bucket spans values whose ratio is at most this: any value in it is told with an error of 1 %. */
const ERROR = 0.01;
const BASE = (1 + ERROR) / (1 - ERROR);
const LOG_BASE = Math.log(BASE);

/** More are never kept: the smallest ones are joined, which spoils only the lowest quantiles of a set that spans over 10^17. */
const MOST_BUCKETS = 2_048;

/** Smaller values count as 0. */
const SMALLEST = 1e-12;

/**
 * Quantile sketch: how often values fall into buckets whose borders grow by a constant factor.
 *
 * - Purpose: percentiles of an hour or a day whose values are not kept any more; sketches can be joined without loss.
 * - Convention: a quantile is off by at most 1 % of itself (never below 10^-12, which counts as 0). Bucket i holds the values in
 *   (BASE^(i-1), BASE^i]; negative values have buckets of their own. Ranks as in `quantile` without interpolation.
 * - Cost: O(1) to add (O(b) where buckets have to be joined), O(b log b) for a quantile of b buckets; some 2 bytes a bucket when packed.
 * - Source: Masson, Rim and Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019.
 */
export class Sketch {
  readonly #above = new Map<number, number>();
  readonly #below = new Map<number, number>();
  #zeros = 0;

  add(value: number, times = 1): void {
    const size = Math.abs(value);
    if (size < SMALLEST) this.#zeros += times;
    else addTo(value > 0 ? this.#above : this.#below, Math.ceil(Math.log(size) / LOG_BASE), times);
  }

  /** Takes the other one's values in as well. */
  join(other: Sketch): void {
    for (const [index, times] of other.#above) addTo(this.#above, index, times);
    for (const [index, times] of other.#below) addTo(this.#below, index, times);
    this.#zeros += other.#zeros;
  }

  /** Null without values. @param p 0 (the smallest) to 1 (the largest) */
  quantile(p: number): number | null {
    const ordered = this.#ordered();
    const count = ordered.reduce((sum, [, times]) => sum + times, 0);
    let rank = Math.min(Math.max(p, 0), 1) * (count - 1);
    for (const [value, times] of ordered) {
      rank -= times;
      if (rank < 0) return value;
    }
    return ordered.at(-1)?.[0] ?? null;
  }

  /** Values that stand for the buckets, in ascending order, with their counts. */
  #ordered(): [value: number, times: number][] {
    const below = [...this.#below]
      .sort(([a], [b]) => b - a)
      .map(([i, n]): [number, number] => [-middle(i), n]);
    const above = [...this.#above]
      .sort(([a], [b]) => a - b)
      .map(([i, n]): [number, number] => [middle(i), n]);
    return [...below, ...(this.#zeros > 0 ? [[0, this.#zeros] as [number, number]] : []), ...above];
  }

  /** As bytes: zeros, then both sides as count of buckets and, for each, its distance from the last one and its count. */
  pack(): Uint8Array {
    const bytes: number[] = [];
    putNumber(bytes, this.#zeros);
    for (const side of [this.#above, this.#below]) {
      putNumber(bytes, side.size);
      let last = 0;
      for (const [index, times] of [...side].sort(([a], [b]) => a - b)) {
        putNumber(bytes, zigzag(index - last));
        putNumber(bytes, times);
        last = index;
      }
    }
    return Uint8Array.from(bytes);
  }

  /** @returns null where the bytes are not those of a sketch */
  static unpack(bytes: Uint8Array): Sketch | null {
    const sketch = new Sketch();
    const numbers = numbersOf(bytes);
    let at = 0;
    const next = (): number => numbers[at++] ?? Number.NaN;
    sketch.#zeros = next();
    for (const side of [sketch.#above, sketch.#below]) {
      let index = 0;
      for (let buckets = next(); buckets > 0 && at < numbers.length; buckets -= 1) {
        index += unzigzag(next());
        side.set(index, next());
      }
    }
    return at === numbers.length ? sketch : null;
  }
}

/**
 * Quantiles of one packed sketch, as `Sketch.quantile` gives them of the unpacked one, without unpacking it: a tenth of the cost, which counts
 * where thousands of hours are looked at.
 *
 * @param shares 0 (the smallest) to 1 (the largest), each
 * @returns one a share: null without values, and where the bytes are not those of a sketch
 */
export function packedQuantiles(bytes: Uint8Array, shares: readonly number[]): (number | null)[] {
  const numbers = numbersOf(bytes);
  const [zeros = Number.NaN, above = Number.NaN] = numbers;
  const belowAt = 2 + 2 * above;
  const below = numbers[belowAt] ?? Number.NaN;
  if (numbers.length !== belowAt + 1 + 2 * below) return shares.map(() => null);
  let count = zeros;
  for (let at = 3; at < belowAt; at += 2) count += numbers[at] as number;
  for (let at = belowAt + 2; at < numbers.length; at += 2) count += numbers[at] as number;
  return shares.map(share => packedQuantile(numbers, Math.min(Math.max(share, 0), 1) * (count - 1)));
}

/** Negative buckets are walked backwards, as they are kept by their size. */
function packedQuantile(numbers: readonly number[], place: number): number | null {
  const [zeros = 0, above = 0] = numbers;
  const belowAt = 2 + 2 * above;
  let value: number | null = null;
  let rank = place;
  let index = 0;
  for (let at = belowAt + 1; at < numbers.length; at += 2) index += unzigzag(numbers[at] as number);
  for (let at = numbers.length - 2; at > belowAt && rank >= 0; at -= 2) {
    value = -middle(index);
    index -= unzigzag(numbers[at] as number);
    rank -= numbers[at + 1] as number;
  }
  if (zeros > 0 && rank >= 0) {
    value = 0;
    rank -= zeros;
  }
  index = 0;
  for (let at = 2; at < belowAt && rank >= 0; at += 2) {
    index += unzigzag(numbers[at] as number);
    value = middle(index);
    rank -= numbers[at + 1] as number;
  }
  return value;
}

/** What stands for the values of a bucket. */
const middle = (index: number): number => (2 * BASE ** index) / (BASE + 1);

function addTo(side: Map<number, number>, index: number, times: number): void {
  side.set(index, (side.get(index) ?? 0) + times);
  if (side.size <= MOST_BUCKETS) return;
  const [lowest, second] = lowestTwo(side.keys());
  side.set(second, (side.get(second) ?? 0) + (side.get(lowest) ?? 0));
  side.delete(lowest);
}

function lowestTwo(indexes: Iterable<number>): [lowest: number, second: number] {
  let [lowest, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const index of indexes) {
    if (index < lowest) [lowest, second] = [index, lowest];
    else if (index < second) second = index;
  }
  return [lowest, second];
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function putNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

function numbersOf(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let [value, scale] = [0, 1];
  for (const byte of bytes) {
    value += (byte % 128) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    numbers.push(value);
    [value, scale] = [0, 1];
  }
  return numbers;
}
