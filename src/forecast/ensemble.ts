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
    let least = Number.POSITIVE_INFINITY;
    for (let voice = 0; voice < errors.length; voice += 1)
      least = Math.min(least, (errors[voice] as Float64Array)[step] as number);
    let sum = 0;
    for (let voice = 0; voice < errors.length; voice += 1) {
      const error = (errors[voice] as Float64Array)[step] as number;
      const raw = Number.isNaN(error) || error <= least ? 1 : (least / error) ** SHARPNESS;
      (weights[voice] as Float64Array)[step] = raw;
      sum += raw;
    }
    for (let voice = 0; voice < errors.length; voice += 1) {
      const weight = weights[voice] as Float64Array;
      weight[step] = (weight[step] as number) / sum;
    }
  }
  return weights;
}

function mixed(forecasts: readonly Float64Array[], weights: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(forecasts[0]?.length ?? 0);
  const [values, shares] = [new Float64Array(forecasts.length), new Float64Array(forecasts.length)];
  for (let step = 0; step < joined.length; step += 1) {
    for (let voice = 0; voice < forecasts.length; voice += 1) {
      const share = (weights[voice] as Float64Array)[step] as number;
      insert(values, shares, voice, (forecasts[voice] as Float64Array)[step] as number, share);
    }
    joined[step] = middleOf(values, shares);
  }
  return joined;
}

/** Puts a value and its share among the first `count`, which are ascending; behind equal ones. */
function insert(
  values: Float64Array,
  shares: Float64Array,
  count: number,
  value: number,
  share: number,
): void {
  let at = count;
  for (; at > 0 && (values[at - 1] as number) > value; at -= 1) {
    values[at] = values[at - 1] as number;
    shares[at] = shares[at - 1] as number;
  }
  values[at] = value;
  shares[at] = share;
}

/** The mean of what lies between the weighted quartiles of ascending values. */
function middleOf(values: Float64Array, shares: Float64Array): number {
  let before = 0;
  let sum = 0;
  let total = 0;
  for (let at = 0; at < values.length; at += 1) {
    const share = shares[at] as number;
    const inside = Math.min(before + share, 1 - TRIMMED) - Math.max(before, TRIMMED);
    before += share;
    if (inside <= 0) continue;
    sum += inside * (values[at] as number);
    total += inside;
  }
  return total > 0 ? sum / total : 0;
}
