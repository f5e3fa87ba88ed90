import { leastSquares } from '../stats/least-squares.ts';
import { correctedCriterion } from './criterion.ts';
import type { FittedForecaster } from './forecaster.ts';
import { phaseMeans } from './phases.ts';
import { ahead, type SmoothingParameters, type SmoothingState, smooth } from './smoothing.ts';

/** What of the parameters is fitted; the others stay at nothing. */
interface Shape {
  trend: boolean;
  period: number | null;
}

interface Candidate {
  parameters: SmoothingParameters;
  criterion: number;
}

/** Damping of a trend lies within these: less is no trend, more runs away. */
const DAMPING = { least: 0.8, most: 0.98 };

/** The level of the beginning is the mean of so many values, where there is no season. */
const FIRST = 5;

/**
 * Fits exponential smoothing, without and with a trend, and takes the shape with the better corrected information criterion.
 *
 * - Convention: parameters by least squares of the errors one step ahead, each held within (0, 1) by the logistic function, the damping
 *   within 0.8 and 0.98. The beginning comes from the first values (without a season) or the first two seasons.
 * - Cost: about 100 passes over the values.
 * - Source: Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing" (2008), chapters 2 and 7.
 *
 * @param period null: without a season; otherwise there are two whole ones
 */
export function fitSmoothing(values: Float64Array, period: number | null): FittedForecaster {
  const { parameters } = [false, true]
    .map(trend => fitted(values, { trend, period }))
    .reduce((best, other) => (other.criterion < best.criterion ? other : best));
  const trend = parameters.beta > 0;
  const learned = values.slice(0, startLength(period));
  return {
    forecast(history, steps) {
      const state = beginning(learned, { trend, period });
      smooth(history, parameters, state, 0, null);
      return ahead(state, parameters.damping, history.length, steps);
    },
  };
}

function fitted(values: Float64Array, shape: Shape): Candidate {
  const start = beginning(values, shape);
  const from = startLength(shape.period) >> 1; // the beginning was made of these: not judged by them alone
  const count = Math.max(values.length - from, 1);
  const errors = new Float64Array(values.length);
  const { parameters, squares } = leastSquares(
    (free, into) => {
      const state = { ...start, season: start.season?.slice() ?? null };
      smooth(values, parametersOf(free, shape), state, 0, errors);
      for (let at = 0; at < into.length; at += 1) into[at] = errors[from + at] ?? 0;
    },
    // alpha 0.3, beta 0.1, gamma 0.1, damping 0.92
    [-0.85, ...(shape.trend ? [-2.2, 0.7] : []), ...(shape.period === null ? [] : [-2.2])],
    count,
  );
  const free = parameters.length + (shape.trend ? 2 : 1);
  return { parameters: parametersOf(parameters, shape), criterion: correctedCriterion(squares, count, free) };
}

function parametersOf(free: Float64Array, { trend, period }: Shape): SmoothingParameters {
  const within = (index: number): number => 1 / (1 + Math.exp(-(free[index] ?? 0)));
  const { least, most } = DAMPING;
  return {
    alpha: within(0),
    beta: trend ? within(1) : 0,
    damping: trend ? least + (most - least) * within(2) : 0,
    gamma: period === null ? 0 : within(trend ? 3 : 1),
  };
}

function startLength(period: number | null): number {
  return period === null ? FIRST : 2 * period;
}

function beginning(values: Float64Array, { trend, period }: Shape): SmoothingState {
  const first = values.subarray(0, startLength(period));
  const half = Math.max(first.length >> 1, 1);
  const slope = trend
    ? (meanOf(first.subarray(first.length - half)) - meanOf(first.subarray(0, half))) / half
    : 0;
  const middle = meanOf(first);
  const level = middle - (slope * (first.length + 1)) / 2; // behind value -1
  const detrended = first.map((value, at) => value - level - slope * (at + 1));
  return { level, trend: slope, season: phaseMeans(detrended, period) };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
