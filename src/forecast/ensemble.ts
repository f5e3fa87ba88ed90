import { recentErrors } from './recent-errors.ts';
import type { Plan, Trial } from './rolling-origin.ts';

/** One member of the ensemble: what it would have said in the past, and what it says now. */
export interface Voice {
  trial: Trial;
  forecast: Float64Array;
}

export interface Joined extends Voice {
  /** The share of each voice in the forecast, over all steps; together 1. */
  weights: number[];
}

/** A voice that was off twice as far has 1/64 of the weight. */
const SHARPNESS = 6;

/** An error counts half as much after this share of the values that were forecast. */
const HALF_LIFE = 0.6;

/** The voices at either end, as much of them as makes up this weight, are not heard: a model that goes astray pulls on nothing. */
const TRIMMED = 0.25;

/**
 * The ensemble: the middle of all voices, each weighted by how little it was off of late at about this many steps ahead.
 *
 * - Convention: weight = mean absolute error ^ -6, from the rolling origin; of the voices in order, the mean of the half of the weight in
 *   the middle. At each origin of its own trial it knows only the errors that
 *   were known there; at the first one all voices count the same.
 * - Cost: O(voices * origins * steps).
 * - Source: inverse-error weights as in Bates and Granger, "The Combination of Forecasts", Operational Research Quarterly 20 (1969);
 *   trimming as in Jose and Winkler, "Simple robust averages of forecasts", International Journal of Forecasting 24 (2008).
 */
export function joined(voices: readonly Voice[], values: Float64Array, plan: Plan): Joined {
  const tested = values.length - (plan.origins[0] ?? 0);
  const errors = voices.map(({ trial }) =>
    recentErrors(trial, values, plan, Math.max(HALF_LIFE * tested, 1)),
  );
  const weightsAt = (index: number): Float64Array[] =>
    weightsOf(errors.map(each => each[index] as Float64Array));
  const trial = plan.origins.map((_, index) =>
    mixed(
      voices.map(each => each.trial[index] as Float64Array),
      weightsAt(index),
    ),
  );
  const last = weightsAt(plan.origins.length);
  const forecast = mixed(
    voices.map(each => each.forecast),
    last,
  );
  return {
    trial,
    forecast,
    weights: last.map(each => each.reduce((sum, one) => sum + one, 0) / each.length),
  };
}

/** By voice and step, from the errors by voice and step; at each step together 1. */
function weightsOf(errors: readonly Float64Array[]): Float64Array[] {
  const weights = errors.map(each => new Float64Array(each.length));
  for (let step = 0; step < (errors[0]?.length ?? 0); step += 1) {
    const at = errors.map(each => each[step] as number);
    const least = Math.min(...at);
    const raw = at.map(error => (Number.isNaN(error) || error <= least ? 1 : (least / error) ** SHARPNESS));
    const sum = raw.reduce((total, each) => total + each, 0);
    for (const [voice, weight] of weights.entries()) weight[step] = (raw[voice] as number) / sum;
  }
  return weights;
}

function mixed(forecasts: readonly Float64Array[], weights: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: forecasts[0]?.length ?? 0 }, (_, step) =>
    middleOf(
      forecasts.map((forecast, voice) => ({
        value: forecast[step] as number,
        weight: weights[voice]?.[step] as number,
      })),
    ),
  );
}

/** The mean of what lies between the weighted quartiles. */
function middleOf(said: { value: number; weight: number }[]): number {
  let before = 0;
  let sum = 0;
  let total = 0;
  for (const { value, weight } of said.sort((a, b) => a.value - b.value)) {
    const inside = Math.min(before + weight, 1 - TRIMMED) - Math.max(before, TRIMMED);
    before += weight;
    if (inside <= 0) continue;
    sum += inside * value;
    total += inside;
  }
  return total > 0 ? sum / total : 0;
}
