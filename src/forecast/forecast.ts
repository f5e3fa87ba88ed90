import { meanError, naiveScale, symmetricPercent } from './accuracy.ts';
import type { Forecast, ForecastSettings, ForecastStep, ModelReport } from './answer.ts';
import { choose } from './choice.ts';
import { holdWithin } from './hold.ts';
import { marginsOf } from './intervals.ts';
import { MEMBERS } from './members.ts';
import { errorsOf } from './recent-errors.ts';
import { firstOrigin, type Plan, planOf, type Trial } from './rolling-origin.ts';
import { type Scaled, scaledSeries } from './scaling.ts';
import { foundPeriod } from './season.ts';
import { type Contender, contendersOf } from './trials.ts';
import { unchanging } from './unchanging.ts';
import { wordsOf } from './words.ts';

const MOST_VALUES = 2000;

/**
 * How a series goes on.
 *
 * All models are tried from up to 50 places of the series' later half, each time with what was known there alone. The ensemble weighs them
 * by how little they were off; the intervals are as wide as its own errors were, by step. Where neither it nor any of them beats the
 * better of "same as last time" and "same as one season ago", that one is given.
 *
 * Pure; never NaN, never throws for any finite values. Values that are not finite are passed over. Cost: bounded, as only the latest 2,000
 * values are used; below half a second.
 */
export function forecast(given: readonly number[], settings: ForecastSettings): Forecast {
  const values = given.filter(Number.isFinite).slice(-MOST_VALUES);
  const scaled = scaledSeries(values, settings.nonNegative);
  if (scaled === null) return unchanging(values, settings);
  const period = periodOf(scaled.values, settings);
  const plan = planOf(values.length, settings.steps, period);
  const held = holdWithin(settings.nonNegative ? scaled.scaled(0) : null);
  const contenders = contendersOf(MEMBERS, scaled.values, plan, { period, seed: settings.seed }, held);
  const chosen = choose(contenders, scaled.values, plan, settings.model);
  const models = contenders.map(each => reportOf(each, scaled, plan)).sort((a, b) => a.mae - b.mae);
  const { beatsNaive, yardstick } = chosen;
  const known = { beatsNaive, yardstick, period, used: values.length, origins: plan.origins.length, models };
  const steps = stepsOf(chosen.contender, scaled, plan, settings.level);
  const answer = { steps, model: chosen.contender.name, ...known };
  return { ...answer, words: wordsOf(answer, settings) };
}

/** Found among the values before the first origin alone: the trial must not know of a season that only showed later. */
function periodOf(values: Float64Array, { period, naturalPeriods }: ForecastSettings): number | null {
  if (period !== null) return period >= 2 && 2 * period < values.length ? period : null;
  return foundPeriod(values.slice(0, firstOrigin(values.length, null)), naturalPeriods);
}

function stepsOf(
  { trial, forecast: middle }: Contender,
  { values, original }: Scaled,
  plan: Plan,
  level: number,
): ForecastStep[] {
  const margins = marginsOf(trial, values, plan, level);
  return Array.from(middle, (value, step) => ({
    value: original(value),
    low: margins === null ? null : original(value - (margins[step] as number)),
    high: margins === null ? null : original(value + (margins[step] as number)),
  }));
}

function reportOf(
  { name, weight, trial, forecast: said }: Contender,
  scaled: Scaled,
  plan: Plan,
): ModelReport {
  const { values, original, originalDifference } = scaled;
  const mae = meanError(errorsOf(trial, values, plan));
  const scale = naiveScale(values.subarray(0, plan.origins[0] ?? values.length));
  return {
    ...{ name, weight },
    mae: originalDifference(mae),
    mase: Number.isFinite(mae / scale) ? mae / scale : null,
    smapePercent: meanPercent(trial, scaled, plan),
    values: Array.from(said, original),
  };
}

/** The mean over all forecasts of a trial whose value is known; 0 where there is none. */
function meanPercent(trial: Trial, { values, original }: Scaled, { origins, steps }: Plan): number {
  let sum = 0;
  let count = 0;
  for (const [index, origin] of origins.entries()) {
    const said = trial[index] as Float64Array;
    for (let step = 0; step < steps && origin + step < values.length; step += 1) {
      sum += symmetricPercent(original(values[origin + step] as number), original(said[step] as number));
      count += 1;
    }
  }
  return sum / Math.max(count, 1);
}
