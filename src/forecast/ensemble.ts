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

/** A voice that was off twice as far has 1/16 of the weight. */
const SHARPNESS = 4;

/** An error counts half as much after this share of the values that were forecast. */
const HALF_LIFE = 0.4;

/**
 * The ensemble: the mean of all voices, each weighted by how little it was off of late at about this many steps ahead.
 *
 * - Convention: weight = mean absolute error ^ -4, from the rolling origin. At each origin of its own trial it knows only the errors that
 *   were known there; at the first one all voices count the same.
 * - Cost: O(voices * origins * steps).
 * - Source: inverse-error weights as in Bates and Granger, "The Combination of Forecasts", Operational Research Quarterly 20 (1969).
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
  const mean = new Float64Array(forecasts[0]?.length ?? 0);
  for (const [voice, forecast] of forecasts.entries()) {
    const weight = weights[voice] as Float64Array;
    for (let step = 0; step < mean.length; step += 1)
      mean[step] = (mean[step] as number) + (weight[step] as number) * (forecast[step] as number);
  }
  return mean;
}
