import { agreement } from './agreement.ts';
import { type Segmentation, segmentationsOf } from './segmentation.ts';
import { LEVEL, LINE, type Shape } from './shape.ts';
import { smoothCost } from './smooth.ts';

/** What one imagined reader of the plot marks: the first indices of the segments, without the first one's. */
export type Reading = readonly number[];

/**
 * By how much the logarithm of what is left must fall with each change point: one reader marks what is easily overlooked, one what is
 * seen, one only what strikes the eye. In the middle of where the agreement with people is best and stays so when all constants are drawn
 * anew within 30 %.
 */
const STRICTNESS = [0.085, 0.17, 0.34];
const EYE = 0.2;

/** So many change points ahead a reader looks: two together (a dip, a plateau) can be worth it where one alone is not. */
const AHEAD = 3;

/** Of what a change point must be worth by the Bayesian information criterion, in independent values: a must, and enough for any reader. */
const EVIDENCE = { must: 0.8, enough: 4 };

/** Parameters that a change point of either shape brings: its place counts as one. */
const placed = (shape: Shape): number => shape.parameters + 1;

/** Lines must leave less than a smooth curve of this degree does, by this share of the reader's strictness a change point. */
const SMOOTH = { degree: 3, share: 0.5 };

/**
 * What imagined readers mark in a series: for each of three strictnesses one who looks for straight lines, and one who looks for levels
 * and is heard unless lines describe the series better.
 *
 * @param invisible the sum of squares that no eye can see
 * @param times so many times as strict are all of them
 */
export function readingsOf(
  values: Float64Array,
  invisible: number,
  times: number,
): { readings: Reading[]; candidates: Segmentation[] } {
  const levels = segmentationsOf(values, LEVEL, invisible);
  const lines = segmentationsOf(values, LINE, invisible);
  const smooth = smoothCost(values, SMOOTH.degree) + invisible;
  const readings = STRICTNESS.map(each => each * times).flatMap(strictness => {
    const level = readBy(levels, LEVEL, strictness, values.length);
    const line = unlessSmooth(readBy(lines, LINE, strictness, values.length), lines, smooth, strictness);
    return isOutdone(level, line, values.length) ? [line.changes] : [level.changes, line.changes];
  });
  return { readings, candidates: [...levels, ...lines] };
}

/**
 * The segmentation on which the readers would agree most, whoever of them is right.
 *
 * - Purpose: people who mark change points differ in how much they mark. One penalty is right for one of them; the candidate with the
 *   highest mean agreement is right for most, and depends less on any constant.
 * - Cost: O(c r k^2) for c candidates, r readings and k change points each.
 * - Source: minimum Bayes risk decision; Kumar and Byrne, "Minimum Bayes-Risk Decoding for Statistical Machine Translation",
 *   HLT-NAACL 2004. Of equals the one with the most change points: half of the
 *   readers are enough.
 */
export function consensusOf(
  readings: readonly Reading[],
  candidates: readonly Segmentation[],
  length: number,
): readonly number[] {
  let best: { value: number; changes: readonly number[] } = { value: 0, changes: [] };
  for (const { changes } of candidates) {
    const value = readings.reduce((sum, reading) => sum + agreement(reading, changes, length), 0);
    const isEqual = Math.abs(value - best.value) < 1e-9;
    if (isEqual ? changes.length > best.changes.length : value > best.value) best = { value, changes };
  }
  return best.changes;
}

/** Where not even one segment fits in. */
const NOTHING: Segmentation = { changes: [], rest: 0, degrees: 1, independent: 1 };

/** Adds change points as long as they are worth it to a reader so strict. */
function readBy(
  all: readonly Segmentation[],
  shape: Shape,
  strictness: number,
  length: number,
): Segmentation {
  let current = all[0] ?? NOTHING;
  for (;;) {
    let best: { worth: number; next: Segmentation | null } = { worth: 1, next: null };
    const count = current.changes.length;
    for (const next of all.slice(count + 1, count + 1 + AHEAD)) {
      const gain = Math.log(current.rest / next.rest) / (next.changes.length - count);
      const worth = gain / needed(next, shape, strictness, length);
      if (worth > best.worth) best = { worth, next };
    }
    if (best.next === null) return current;
    current = best.next;
  }
}

/** The gain that one change point must bring: what the reader asks for, or less on overwhelming evidence, but never less than chance brings. */
function needed(next: Segmentation, shape: Shape, strictness: number, length: number): number {
  const penalty = placed(shape) * Math.log(length);
  const chance = Math.max(penalty / next.degrees, (EVIDENCE.must * penalty) / next.independent);
  return Math.max(chance, Math.min(strictness, (EVIDENCE.enough * penalty) / next.independent));
}

function unlessSmooth(
  line: Segmentation,
  lines: readonly Segmentation[],
  smooth: number,
  strictness: number,
): Segmentation {
  const gain = Math.log(smooth / line.rest);
  return gain < SMOOTH.share * strictness * line.changes.length ? (lines[0] ?? line) : line;
}

/** Whether lines describe the series better than levels, each parameter of either counted as a third of a change that an eye sees. */
function isOutdone(level: Segmentation, line: Segmentation, length: number): boolean {
  const price = Math.max(Math.log(length) / length, EYE / 3);
  const more = placed(LEVEL) * level.changes.length + 1 - (placed(LINE) * line.changes.length + 2);
  return Math.log(level.rest / line.rest) + more * price > 0;
}
