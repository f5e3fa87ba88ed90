import { fitSmoothing } from './fit-smoothing.ts';
import type { Forecaster } from './forecaster.ts';

/** Exponential smoothing of level and season, with a damped trend where that pays: see `fitSmoothing`. Null without two whole seasons. */
export const holtWinters: Forecaster = {
  name: 'holt-winters',
  fit: (values, { period }) =>
    period === null || values.length < 2 * period + 2 ? null : fitSmoothing(values, period),
};
