import type { Forecaster } from './forecaster.ts';
import { phaseMeans } from './phases.ts';
import { curveAt, robustCurve, timeOf } from './robust-curve.ts';

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
  const phases = phaseMeans(
    history.map((value, at) => value - curveAt(first, timeOf(at, length))),
    period,
  );
  const added = (at: number): number => (phases === null ? 0 : (phases[at % phases.length] as number));
  const trend =
    phases === null
      ? first
      : robustCurve(
          history.map((value, at) => value - added(at)),
          1,
        );
  return Float64Array.from(
    { length: steps },
    (_, step) => curveAt(trend, timeOf(length + step, length)) + added(length + step),
  );
}
