import { quantile } from '../stats/quantile.ts';
import { medianAbsoluteDeviation } from '../stats/spread.ts';
import { studentQuantile } from '../stats/student-quantile.ts';
import type { Change } from './end.ts';
import type { ChangeBelief } from './posterior.ts';
import type { BisectScale } from './scale.ts';

/** The value of one run of the commit at a place. */
export interface Seen {
  place: number;
  value: number;
}

const INTERVAL_ALPHA = 0.05;
/**
 * The filters know nothing of when a search is ended, which is sooner where the noise favours it: without this the interval would hold
 * the change in 92 to 94 of 100 cases (npm run bench:bisect).
 */
const WIDER = 1.12;
/** Level, change and noise are made of the runs. */
const UNKNOWNS = 3;
const TO_DEVIATION = 1.4826;
/** Runs of a commit that lies between the two levels before it is told of, and how many deviations from both. */
const BETWEEN = { runs: 3, deviations: 4 };

export function valuesAt(seen: readonly Seen[], place: number): number[] {
  return seen.filter(each => each.place === place).map(({ value }) => value);
}

/** The change in words of the metric. @param last place of the bad commit */
export function changeOf(
  seen: readonly Seen[],
  last: number,
  scale: BisectScale,
  { change, deviation }: ChangeBelief,
): Change {
  const reach = WIDER * deviation * studentQuantile(INTERVAL_ALPHA, Math.max(1, seen.length - UNKNOWNS));
  return {
    before: median(valuesAt(seen, 0)),
    after: median(valuesAt(seen, last)),
    percent: scale.percent(change),
    low: scale.percent(change - reach),
    high: scale.percent(change + reach),
  };
}

/** Commits whose runs lie at neither level, by place: there is more than one change. */
export function placesBetween(seen: readonly Seen[], last: number, scale: BisectScale): number[] {
  const at = (place: number): number[] => valuesAt(seen, place).map(value => scale.of(value));
  const ends = [at(0), at(last)];
  const noise = Math.max(...ends.map(values => TO_DEVIATION * (medianAbsoluteDeviation(values) ?? 0)));
  const levels = ends.map(median);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const places = [...new Set(seen.map(({ place }) => place))].filter(place => place !== 0 && place !== last);
  const isBetween = (place: number): boolean => {
    const values = at(place);
    const reach = (BETWEEN.deviations * noise) / Math.sqrt(values.length);
    const middle = median(values);
    return values.length >= BETWEEN.runs && middle - low > reach && high - middle > reach;
  };
  return places.filter(isBetween).sort((a, b) => a - b);
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5) ?? 0;
}
