import { mannKendall } from '../stats/mann-kendall.ts';
import { quantile } from '../stats/quantile.ts';
import { theilSen } from '../stats/theil-sen.ts';

/**
 * Growth that goes on: a trend that noise, a jump, an outlier or neighbours that are alike do not explain.
 *
 * - Purpose: tells a leak from a level that varies. Strict: what it calls growth would be so by chance once in 2,000 series.
 * - Method: the values are joined to 20 blocks, each its median (neighbours alike, and outliers, then count for little); over these
 *   the test of Mann and Kendall must find a rise that one in 2,000 series has by chance; each quarter must add a part of the
 *   whole growth, which a jump does not. The slope is Theil and Sen's. Both are told in stats/.
 * - Convention: finite values in their order, 60 at least (or `least`, where each stands for many), else null; null where there is no
 *   growth. `slopePerValue` is per value.
 * - Cost: O(n log n) for the medians, and 190 pairs.
 *
 * @example growthOf(Array.from({ length: 100 }, (_, index) => 50 + index)) // slopePerValue 1, from about 52 to about 147
 */
export function growthOf(values: readonly number[], least = MIN_VALUES): Growth | null {
  if (values.length < least) return null;
  const blocks = mediansOf(values, BLOCKS);
  const test = mannKendall(blocks);
  if (test === null || test.s <= 0 || test.pIndependent / 2 > MOST_CHANCE) return null;
  const quarters = mediansOf(values, 4);
  const [first = 0, last = 0] = [quarters[0], quarters.at(-1)];
  const steps = quarters.slice(1).map((value, index) => value - (quarters[index] ?? 0));
  if (steps.some(step => step < MIN_STEP * (last - first))) return null;
  const slopePerValue = ((theilSen([...blocks.keys()], blocks, 0.05)?.slope ?? 0) * BLOCKS) / values.length;
  return { slopePerValue, p: test.pIndependent / 2, from: blocks[0] ?? 0, to: blocks.at(-1) ?? 0 };
}

export interface Growth {
  slopePerValue: number;
  /** The chance of such a rise where there is none. */
  p: number;
  /** Medians of the first and the last block. */
  from: number;
  to: number;
}

const MIN_VALUES = 60;
const BLOCKS = 20;
/** Of such a rise where there is none, upwards only. */
const MOST_CHANCE = 1 / 2000;
/** Of the growth between the first and the last quarter each of the three steps between must be at least this part. */
const MIN_STEP = 0.15;

/** Medians of so many pieces of about the same length. */
function mediansOf(values: readonly number[], pieces: number): number[] {
  return Array.from({ length: pieces }, (_, index) => {
    const [start, end] = [index, index + 1].map(each => Math.round((each * values.length) / pieces));
    return quantile(values.slice(start, end), 0.5) ?? 0;
  });
}
