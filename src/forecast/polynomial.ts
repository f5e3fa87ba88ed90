import type { Forecaster } from './forecaster.ts';
import { curveAt, robustCurve, timeOf } from './robust-curve.ts';

const FEWEST = 8;

/** Each step goes on by this much of the one before it: 50 steps in all, however far the forecast goes. */
const DAMPING = 0.98;

/**
 * Polynomial of order 2: a parabola through all values, which bends less and less behind their end.
 *
 * - Purpose: growth that itself grows or slows down.
 * - Convention: fitted anew to each history. A parabola left alone runs away, so its time is damped: the first step counts whole, each
 *   further one 0.98 of the one before.
 * - Cost: O(60 n).
 * - Source: see `robustCurve`; damping as in Gardner and McKenzie, "Forecasting Trends in Time Series", Management Science 31 (1985).
 */
export const polynomial: Forecaster = {
  name: 'polynomial',
  fit: values => (values.length < FEWEST ? null : { forecast: parabola }),
};

function parabola(history: Float64Array, steps: number): Float64Array {
  const { length } = history;
  const curve = robustCurve(history, 2);
  let at = length - 1;
  return Float64Array.from({ length: steps }, (_, step) => {
    at += DAMPING ** step;
    return curveAt(curve, timeOf(at, length));
  });
}
