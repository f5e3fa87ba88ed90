import { quantile } from '../stats/quantile.ts';

/**
 * Growth that goes on: a trend that noise, a jump, an outlier or neighbours that are alike do not explain.
 *
 * - Purpose: tells a leak from a level that varies. Strict: what it calls growth would be so by chance once in 2,000 series.
 * - Method: the values are joined to 20 blocks, each its median (neighbours alike, and outliers, then count for little); over these
 *   the Mann-Kendall test (S, the concordant less the discordant pairs, over its deviation, is standard normal without a trend)
 *   must exceed 3.29 (one in 2,000, upwards only); each quarter must add a part of the whole growth, which a jump does not.
 *   The slope is Theil-Sen's: the median of the slopes of all pairs.
 * - Convention: finite values in their order, 60 at least, else null; null where there is no growth. `slopePerValue` is per value.
 * - Cost: O(n log n) for the medians, and 190 pairs.
 * - Source: Mann, "Nonparametric tests against trend", Econometrica 13 (1945), 245-259; Kendall, "Rank Correlation Methods" (1975);
 *   Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63 (1968), 1379-1389.
 *
 * @example growthOf(Array.from({ length: 100 }, (_, index) => 50 + index)) // slopePerValue 1, from about 52 to about 147
 */
export function growthOf(values: readonly number[]): Growth | null {
  if (values.length < MIN_VALUES) return null;
  const blocks = mediansOf(values, BLOCKS);
  const z = mannKendallZ(blocks);
  if (z < MIN_Z) return null;
  const quarters = mediansOf(values, 4);
  const [first = 0, last = 0] = [quarters[0], quarters.at(-1)];
  const steps = quarters.slice(1).map((value, index) => value - (quarters[index] ?? 0));
  if (steps.some(step => step < MIN_STEP * (last - first))) return null;
  const slopePerValue = (theilSenSlope(blocks) * BLOCKS) / values.length;
  return { slopePerValue, z, from: blocks[0] ?? 0, to: blocks.at(-1) ?? 0 };
}

export interface Growth {
  slopePerValue: number;
  z: number;
  /** Medians of the first and the last block. */
  from: number;
  to: number;
}

const MIN_VALUES = 60;
const BLOCKS = 20;
const MIN_Z = 3.29;
/** Of the growth between the first and the last quarter each of the three steps between must be at least this part. */
const MIN_STEP = 0.15;

/** Medians of so many pieces of about the same length. */
function mediansOf(values: readonly number[], pieces: number): number[] {
  return Array.from({ length: pieces }, (_, index) => {
    const [start, end] = [index, index + 1].map(each => Math.round((each * values.length) / pieces));
    return quantile(values.slice(start, end), 0.5) ?? 0;
  });
}

/** With the correction for continuity, and without the one for ties: that is the stricter side. */
function mannKendallZ(values: readonly number[]): number {
  const n = values.length;
  const s = pairsOf(values).reduce((sum, { rise }) => sum + Math.sign(rise), 0);
  return (s - Math.sign(s)) / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

function theilSenSlope(values: readonly number[]): number {
  return (
    quantile(
      pairsOf(values).map(({ rise, run }) => rise / run),
      0.5,
    ) ?? 0
  );
}

function pairsOf(values: readonly number[]): { rise: number; run: number }[] {
  return values.flatMap((value, index) =>
    values.slice(index + 1).map((later, offset) => ({ rise: later - value, run: offset + 1 })),
  );
}
