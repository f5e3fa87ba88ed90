import type { Forecaster } from './forecaster.ts';

/**
 * Same as last time: every value to come is the last one.
 *
 * - Purpose: what every other forecast has to beat; the best there is for a random walk, such as a price.
 * - Cost: O(steps).
 * - Source: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", section 5.2.
 */
export const naive: Forecaster = {
  name: 'naive',
  fit: values =>
    values.length === 0
      ? null
      : { forecast: (history, steps) => new Float64Array(steps).fill(history[history.length - 1] as number) },
};
