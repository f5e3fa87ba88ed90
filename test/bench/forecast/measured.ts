import { FORECAST_SETTINGS, type Forecast } from '../../../src/forecast/answer.ts';
import { forecast } from '../../../src/forecast/forecast.ts';
import type { BenchSeries } from './series.ts';

/** The levels of the intervals that are measured. */
export const LEVELS = [0.8, 0.95] as const;

/** What is given: the ensemble, or what the answer takes in its place. */
export const GIVEN = 'as given';

/** One series, forecast from all of its places. */
export interface Measured {
  set: string;
  /** By model, and of what was given: mean absolute error over that of "same as last time", one step ahead, in the known values. */
  mase: Map<string, number>;
  /** By level: how many values were within their interval, of how many that had one. */
  within: { inside: number; of: number }[];
  /** Of CPU time, one a forecast: a busy machine does not change it. */
  milliseconds: number[];
}

const PLACES = 4;
const MOST_KNOWN = 2000;

/** Places are evenly spread over the later half; where a model has nothing to say, "same as last time" stands in for it. */
export function measured(series: BenchSeries, models: readonly string[]): Measured {
  const { set, values, steps } = series;
  const result: Measured = {
    set,
    mase: new Map([...models, GIVEN].map(name => [name, 0])),
    within: LEVELS.map(() => ({ inside: 0, of: 0 })),
    milliseconds: [],
  };
  for (let place = 0; place < PLACES; place += 1) {
    const half = Math.ceil(values.length / 2);
    const cut = half + Math.floor(((values.length - steps - half) * place) / (PLACES - 1));
    const known = values.slice(Math.max(0, cut - MOST_KNOWN), cut);
    addPlace(result, series, known, values.slice(cut, cut + steps));
  }
  return result;
}

function addPlace(result: Measured, series: BenchSeries, known: number[], coming: number[]): void {
  const settings = {
    ...FORECAST_SETTINGS,
    steps: series.steps,
    naturalPeriods: series.naturalPeriods,
    nonNegative: Math.min(...series.values) >= 0,
  };
  for (const [index, level] of LEVELS.entries()) {
    const start = process.cpuUsage();
    const answer = forecast(known, { ...settings, level });
    const { user, system } = process.cpuUsage(start);
    result.milliseconds.push((user + system) / 1000);
    countWithin(result.within[index], answer, coming);
    if (index === 0) addErrors(result.mase, answer, known, coming);
  }
}

function countWithin(
  count: Measured['within'][number] | undefined,
  answer: Forecast,
  coming: number[],
): void {
  if (count === undefined) return;
  for (const [step, value] of coming.entries()) {
    const { low, high } = answer.steps[step] ?? { low: null, high: null };
    if (low === null || high === null) continue;
    count.of += 1;
    if (value >= low && value <= high) count.inside += 1;
  }
}

function addErrors(mase: Map<string, number>, answer: Forecast, known: number[], coming: number[]): void {
  const scale = meanOf(known.slice(1).map((value, at) => Math.abs(value - (known[at] ?? 0))));
  const naive = answer.models.find(({ name }) => name === 'naive');
  for (const name of mase.keys()) {
    const said =
      name === GIVEN
        ? answer.steps.map(({ value }) => value)
        : (answer.models.find(model => model.name === name) ?? naive)?.values;
    const error = meanOf(coming.map((value, step) => Math.abs(value - (said?.[step] ?? 0))));
    mase.set(name, (mase.get(name) ?? 0) + (scale === 0 ? 0 : error / scale / PLACES));
  }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
