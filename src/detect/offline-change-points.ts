import { consensusOf, type Reading, readingsOf } from './offline/readers.ts';
import { refined } from './offline/refine.ts';
import { withoutSeason } from './offline/season.ts';
import { costOf, LINE } from './offline/shape.ts';
import { coarsened, medianOf, wholeSeries, withoutSpikes } from './offline/view.ts';

/** A lasting change, as it is seen when the whole series is known. */
export interface ChangePoint {
  /** The first observation after the change. */
  index: number;
  /** Median of the values between the change point before this one (or the start) and this one. */
  before: number;
  /** Median of the values from here to the next change point, or the end. */
  after: number;
  /** Of `after` against `before`; null where `before` is 0. */
  sizePercent: number | null;
  /** The share of the readers who mark it, from 0.5 to 1. */
  confidence: number;
}

/** Fewer values show no change that could be told from chance. */
const FEWEST = 6;

/** The exact search looks at so many values at most; the search for a season at so many. */
const LONGEST = { search: 250, season: 2_000 };

/** Of the spread of the whole series, the share that no eye sees in a plot; of the spread that a season makes, the share that hides changes. */
const UNSEEN = { ofAll: 0.04, ofSeason: 0.25 };

/** The share of the readers who must mark a change. */
const MAJORITY = 0.5;

/** Marks so near to each other, in values of the view, mean the same change. */
const SAME = 5;

/**
 * Where a series changes its level or its slope for good.
 *
 * - Purpose: the change points of a history, as people would mark them in its plot; not for alarms, as it looks at the whole series.
 * - Convention: gaps are bridged, single spikes and a season taken out, a long series coarsened to 250 values. Exact searches give the best
 *   0 to 8 change points between levels and between straight lines. Imagined readers (see readers.ts) say which of them are worth marking;
 *   what they would agree with most, as far as half of them mark it, is the result, refined on the
 *   values themselves. Ascending; empty where there is nothing to see.
 * - Cost: O(n) beside the fixed cost of the search, about 3 ms.
 * - Source: the parts name theirs.
 *
 * @param values one an observation, null where there is none
 * @param settings.period observations per season; null: found, where there is one
 * @param strictness so many times as much must a change be worth: fewer change points
 */
export function changePointsOf(
  values: readonly (number | null)[],
  settings: { period: number | null },
  strictness = 1,
): ChangePoint[] {
  const whole = wholeSeries(values);
  if (whole === null || whole.values.length < FEWEST) return [];
  const marks = marksIn(whole.values, settings.period, strictness)
    .map(({ place, share }) => ({ place: whole.indices[place] ?? 0, share }))
    .filter(({ place }, at, all) => place !== all[at - 1]?.place); // both in one gap
  return described(values, marks);
}

/** A place where a series changes, and the share of the readers who mark it. */
interface Mark {
  place: number;
  share: number;
}

function marksIn(values: Float64Array, period: number | null, strictness: number): Mark[] {
  const { rest, power } = deseasoned(withoutSpikes(values), period);
  const view = coarsened(rest, LONGEST.search);
  const { readings, candidates } = readingsOf(view.values, invisibleIn(view.values, power), strictness);
  const marks = consensusOf(readings, candidates, view.values.length)
    .map(change => ({ place: view.starts[change] ?? 0, share: shareOf(readings, change) }))
    .filter(({ share }) => share >= MAJORITY);
  const starts = marks.map(({ place }) => place);
  const places = exactly(starts, rest);
  return marks.map(({ share }, at) => ({ place: places[at] ?? 0, share }));
}

/** On the values themselves, where the search saw only the means of pieces. */
function exactly(places: readonly number[], values: Float64Array): readonly number[] {
  const piece = Math.ceil(values.length / LONGEST.search);
  return piece === 1 ? places : refined(places, costOf(values, LINE), values.length, 2 * piece);
}

/** A given season is taken out of the values, an unknown one is looked for where the series is short enough for that. */
function deseasoned(values: Float64Array, period: number | null): { rest: Float64Array; power: number } {
  return period === null && values.length > LONGEST.season
    ? { rest: values, power: 0 }
    : withoutSeason(values, period);
}

function invisibleIn(values: Float64Array, seasonPower: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return UNSEEN.ofAll * spread + UNSEEN.ofSeason * seasonPower * values.length + Number.MIN_VALUE;
}

/** The share of the readers who mark this change. */
function shareOf(readings: readonly Reading[], change: number): number {
  const marking = readings.filter(marks => marks.some(other => Math.abs(other - change) <= SAME));
  return marking.length / readings.length;
}

function described(values: readonly (number | null)[], marks: readonly Mark[]): ChangePoint[] {
  const bounds = [0, ...marks.map(({ place }) => place), values.length];
  const levels = bounds.slice(0, -1).map((start, at) => levelOf(values.slice(start, bounds[at + 1])));
  return marks.map(({ place, share }, at) => {
    const before = levels[at] ?? 0;
    const after = levels[at + 1] ?? 0;
    return { index: place, before, after, sizePercent: percentOf(before, after), confidence: share };
  });
}

function percentOf(before: number, after: number): number | null {
  const percent = ((after - before) / Math.abs(before)) * 100;
  return Number.isFinite(percent) ? percent : null;
}

function levelOf(values: readonly (number | null)[]): number {
  const isMeasured = (value: number | null): value is number => value !== null && Number.isFinite(value);
  return medianOf(Float64Array.from(values.filter(isMeasured)));
}
