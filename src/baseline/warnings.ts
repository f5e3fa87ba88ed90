import { findModes, type Modes } from '../detect/events/modes.ts';
import { changePointsOf } from '../detect/offline-change-points.ts';
import { compareSamples } from '../regression/compare-samples.ts';
import { mannKendall } from '../stats/mann-kendall.ts';
import { quantile } from '../stats/quantile.ts';
import { roundSignificant, roundTo } from '../stats/round.ts';
import { theilSen } from '../stats/theil-sen.ts';

/** Fewer values are no baseline to rely on. */
const FEWEST = 20;
/** Of what was not asked for but found. */
const ALPHA = 0.01;
/** Less is of no interest, in percent of the level. */
const LEAST_PERCENT = 3;
/** A trend is looked for in the medians of at most so many pieces. */
const MOST_PIECES = 200;

/** Why a baseline of these values may mislead, in words; empty where nothing speaks against it. The values are without their season. */
export function warningsOf(values: readonly number[], modes: Modes | null): string[] {
  const change = modes === null ? lastChange(values) : null;
  return [fewWarning(values), modeWarning(values, modes), change ?? driftWarning(values)].filter(
    warning => warning !== null,
  );
}

/** Two levels, where there are values enough and they are mixed in time. */
export function modesIn(values: readonly number[]): Modes | null {
  return findModes(Float64Array.from(values));
}

function fewWarning({ length }: readonly number[]): string | null {
  return length >= FEWEST
    ? null
    : `made of ${length} run${length === 1 ? '' : 's'} only: ${FEWEST} or more make a steadier baseline`;
}

function modeWarning(values: readonly number[], modes: Modes | null): string | null {
  if (modes === null) return null;
  const share = values.filter(value => value > (modes.low + modes.high) / 2).length / values.length;
  const [low, high] = [roundSignificant(modes.low, 3), roundSignificant(modes.high, 3)];
  return `the values go to and fro between two levels, ${low} and ${high} (${roundTo(100 * share, 0)} % of the runs): their mean is neither`;
}

function lastChange(values: readonly number[]): string | null {
  const starts = changePointsOf(values, { period: null }).map(({ index }) => index);
  const index = starts.at(-1);
  if (index === undefined) return null;
  const before = values.slice(starts.at(-2) ?? 0, index);
  const after = values.slice(index);
  const { verdict, changePercent } = compareSamples(before, after, {
    alpha: ALPHA,
    thresholdPercent: LEAST_PERCENT,
  });
  if (verdict !== 'different') return null;
  const size = changePercent === null ? '' : ` by ${signed(changePercent)} %`;
  return `the level changes${size} at run ${index + 1} of ${values.length}: a baseline of the ${after.length} runs from there on fits better`;
}

function driftWarning(values: readonly number[]): string | null {
  const pieces = mediansOfPieces(values);
  const test = mannKendall(pieces);
  if (test === null || test.p > ALPHA) return null;
  const line = theilSen(
    pieces.map((_, index) => index),
    pieces,
    ALPHA,
  );
  const level = Math.abs(quantile(values, 0.5) ?? 0);
  const percent = ((line?.slope ?? 0) * (pieces.length - 1) * 100) / level;
  if (!Number.isFinite(percent) || Math.abs(percent) < LEAST_PERCENT) return null;
  return `the values drift by ${signed(percent)} % from the first run to the last: the baseline will soon be out of date`;
}

function mediansOfPieces(values: readonly number[]): number[] {
  const size = Math.ceil(values.length / MOST_PIECES);
  return Array.from(
    { length: Math.floor(values.length / size) },
    (_, piece) => quantile(values.slice(piece * size, (piece + 1) * size), 0.5) ?? 0,
  );
}

function signed(percent: number): string {
  const rounded = roundTo(percent, 1);
  return rounded > 0 ? `+${rounded}` : `${rounded}`;
}
