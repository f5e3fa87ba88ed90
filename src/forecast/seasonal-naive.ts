import type { Forecaster } from './forecaster.ts';

/**
 * Same as one season ago: tomorrow at noon as today at noon.
 *
 * - Purpose: what every other forecast of a series with a season has to beat.
 * - Convention: needs one whole season; null without one.
 * - Cost: O(steps).
 * - Source: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", section 5.2.
 */
export const seasonalNaive: Forecaster = {
  name: 'seasonal-naive',
  fit: (values, { period }) =>
    period === null || values.length < period
      ? null
      : {
          forecast: (history, steps) =>
            Float64Array.from(
              { length: steps },
              (_, step) => history[history.length - period + (step % period)] as number,
            ),
        },
};
