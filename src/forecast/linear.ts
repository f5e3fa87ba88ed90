import type { Forecaster } from './forecaster.ts';
import { phaseMeans } from './phases.ts';
import { curveAt, robustCurve, timeOf, timesOf } from './robust-curve.ts';

const FEWEST = 4;

/**
 * Linear: a straight line through all values, on which outliers hardly pull, and what each place of the season adds to it.
 *
 * - Purpose: what grows steadily, such as a disk that fills.
 * - Convention: fitted anew to each history, so nothing is learned beforehand. The season counts from two whole ones on.
 * - Cost: O(30 n).
 * - Source: see `robustCurve`.
 */
export const linear: Forecaster = {
  name: 'linear',
  fit: (values, { period }) =>
    values.length < FEWEST ? null : { forecast: (history, steps) => line(history, steps, period) },
};

function line(history: Float64Array, steps: number, period: number | null): Float64Array {
  const { length } = history;
  const first = robustCurve(history, 1);
  const phases = period === null ? null : phaseMeans(withoutCurve(history, first), period);
  const trend = phases === null ? first : robustCurve(withoutPhases(history, phases), 1);
  return Float64Array.from({ length: steps }, (_, step) => {
    const at = length + step;
    const added = phases === null ? 0 : (phases[at % phases.length] as number);
    return curveAt(trend, timeOf(at, length)) + added;
  });
}

function withoutCurve(values: Float64Array, curve: Float64Array): Float64Array {
  const left = values.slice();
  const times = timesOf(left.length);
  for (let at = 0; at < left.length; at += 1)
    left[at] = (left[at] as number) - curveAt(curve, times[at] as number);
  return left;
}

function withoutPhases(values: Float64Array, phases: Float64Array): Float64Array {
  const left = values.slice();
  for (let at = 0, place = 0; at < left.length; at += 1) {
    left[at] = (left[at] as number) - (phases[place] as number);
    place = place + 1 === phases.length ? 0 : place + 1;
  }
  return left;
}
