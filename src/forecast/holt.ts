import { fitSmoothing } from './fit-smoothing.ts';
import type { Forecaster } from './forecaster.ts';

const FEWEST = 6;

/** Exponential smoothing of the level, with a damped trend where that pays: see `fitSmoothing`. */
export const holt: Forecaster = {
  name: 'holt',
  fit: values => (values.length < FEWEST ? null : fitSmoothing(values, null)),
};
