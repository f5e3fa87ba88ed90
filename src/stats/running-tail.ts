/**
 * Running upper tail: how rare a size is among the last `memory` sizes of a series, as the surprise -ln p.
 *
 * - Purpose: gives every statistic (a distance, a residual) of every series the same meaning, whatever its unit and distribution.
 * - Convention: within the body p is the rank, (r + 1) / (n + 1) with r sizes as large. The largest 2 % are taken as exponential,
 *   with the scale that leads from there to the largest 0.4 %: unlike a mean excess it stays as it is when one outlier comes in.
 *   At most twice the surprise of the rank. Sizes are 0 or more and counted in bins 4 % wide; one up to `bulk()` has surprise 0,
 *   and may be learned as any size up to it.
 * - Cost: O(1) to learn; surprise: one step for each bin of the tail, about 100. Memory: 4 kB and 2 bytes a size, taken as they come.
 * - Source: peaks over threshold, Pickands, "Statistical inference using extreme order statistics", Annals of Statistics 3 (1975),
 *   119-131, with shape 0; in streams: Siffer et al., "Anomaly detection in streams with extreme value theory", KDD 2017.
 *
 * @example
 * const tail = beginRunningTail(1000);
 * for (let size = 1; size <= 99; size++) tail.learn(size);
 * tail.surprise(99); // 3.9: one of two in 100
 */
export interface RunningTail {
  surprise(size: number): number;
  learn(size: number): void;
  /** A size that only the largest 5 % (at least 100 sizes) exceed; 0 while fewer are known. */
  bulk(): number;
  /** The size that a share of the sizes exceeds; 0 where none is known. */
  exceededBy(share: number): number;
}

const BINS_PER_OCTAVE = 16;
const OCTAVES = 128;
const BINS = BINS_PER_OCTAVE * OCTAVES;
const TAIL_SHARE = 0.02;
const FAR_SHARE = 0.004;
const MOST_OVER_RANK = 2;
const LEAST_SCALE = 0.05;
const BULK = { share: 0.05, fewest: 100 };
const FEWEST = 10;
/** The middle of each bin. */
const SIZES = Float64Array.from({ length: BINS }, (_, bin) =>
  bin === 0 ? 0 : 2 ** ((bin + 0.5) / BINS_PER_OCTAVE - OCTAVES / 2),
);

/** @param memory how many sizes are remembered, at most 65,535 */
export function beginRunningTail(memory: number): RunningTail {
  const counts = new Uint16Array(BINS);
  let ring = new Uint16Array(Math.min(memory, 128));
  let seen = 0;
  let highest = 0;
  let bulk = 0;

  const forget = (bin: number): void => {
    counts[bin] = (counts[bin] ?? 0) - 1;
    while (highest > 0 && counts[highest] === 0) highest--;
  };
  const exceededBy = (share: number): number => {
    const known = Math.min(seen, memory);
    let left = Math.ceil(share * known);
    if (known === 0 || left > known) return 0;
    let bin = highest;
    for (left -= counts[bin] ?? 0; left > 0; left -= counts[bin] ?? 0) bin--;
    return SIZES[bin] ?? 0;
  };

  return {
    learn(size) {
      const bin = binOf(size);
      if (seen >= memory) forget(ring[seen % memory] ?? 0);
      else if (seen === ring.length) ring = longer(ring, memory);
      ring[seen % memory] = bin;
      counts[bin] = (counts[bin] ?? 0) + 1;
      highest = Math.max(highest, bin);
      seen++;
      if (seen % 16 === 0) bulk = exceededBy(Math.max(BULK.share, BULK.fewest / Math.min(seen, memory)));
    },
    surprise(size) {
      const known = Math.min(seen, memory);
      if (known < FEWEST || size <= bulk) return 0;
      return surpriseIn(counts, highest, known, size);
    },
    bulk: () => bulk,
    exceededBy,
  };
}

function longer(ring: Uint16Array<ArrayBuffer>, most: number): Uint16Array<ArrayBuffer> {
  const twice = new Uint16Array(Math.min(2 * ring.length, most));
  twice.set(ring);
  return twice;
}

function surpriseIn(counts: Uint16Array, highest: number, known: number, size: number): number {
  const rank = Math.log((known + 1) / (countFrom(counts, binOf(size), highest) + 1));
  return Math.min(Math.max(rank, tailSurprise(counts, highest, known, size)), MOST_OVER_RANK * rank);
}

/** By the exponential through the two quantiles; 0 within the body. */
function tailSurprise(counts: Uint16Array, highest: number, known: number, size: number): number {
  const tail = Math.max(3, Math.ceil(TAIL_SHARE * known));
  const far = Math.max(1, Math.round(FAR_SHARE * known));
  let above = 0;
  let farEdge = 0;
  let bin = highest + 1;
  while (above < tail) {
    above += counts[--bin] ?? 0;
    if (farEdge === 0 && above >= far) farEdge = SIZES[bin] ?? 0;
  }
  const edge = SIZES[bin] ?? 0;
  if (size <= edge) return 0;
  const scale = Math.max((farEdge - edge) / Math.log(tail / far), LEAST_SCALE * edge, Number.MIN_VALUE);
  return Math.log((known + 1) / (tail + 1)) + (size - edge) / scale;
}

function countFrom(counts: Uint16Array, lowest: number, highest: number): number {
  let count = 0;
  for (let bin = lowest; bin <= highest; bin++) count += counts[bin] ?? 0;
  return count;
}

function binOf(size: number): number {
  if (!(size > 0)) return 0;
  const bin = Math.floor((Math.log2(size) + OCTAVES / 2) * BINS_PER_OCTAVE);
  return Math.min(Math.max(bin, 1), BINS - 1);
}
