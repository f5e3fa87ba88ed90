import { quantile } from '../stats/quantile.ts';
import type { Forecaster } from './forecaster.ts';

/** How many of the latest values the median is of: those that are short enough for the history are tried. */
const WINDOWS = [5, 10, 20, 40, 80, 160];

/** Looks back, evenly spread, by which the window is chosen. */
const TRIES = 40;

const FEWEST = 5;

/**
 * Level: the median of the latest values, as many as told the next value best so far.
 *
 * - Purpose: a metric that does nothing but scatter about a level, outliers and late shifts of the level included.
 * - Convention: windows of 5 to 160 values; the one with the least mean absolute error of the next value at 40 places of the history.
 * - Cost: O(40 w log w) for the longest window w.
 * - Source: the moving median; Tukey, "Exploratory Data Analysis" (1977), chapter 7.
 */
export const level: Forecaster = {
  name: 'level',
  fit(values) {
    if (values.length < FEWEST) return null;
    const window = bestWindow(values);
    return {
      forecast: (history, steps) =>
        new Float64Array(steps).fill(medianBefore(history, history.length, window)),
    };
  },
};

function bestWindow(values: Float64Array): number {
  let best = { window: FEWEST, error: Number.POSITIVE_INFINITY };
  const from = Math.min(values.length >> 1, WINDOWS.at(-1) as number);
  const stride = Math.max(1, Math.floor((values.length - from) / TRIES));
  for (const window of WINDOWS.filter(window => window <= Math.max(from, FEWEST))) {
    let error = 0;
    for (let at = from; at < values.length; at += stride)
      error += Math.abs((values[at] as number) - medianBefore(values, at, window));
    if (error < best.error) best = { window, error };
  }
  return best.window;
}

function medianBefore(values: Float64Array, end: number, window: number): number {
  return quantile(values.subarray(Math.max(0, end - window), end), 0.5) ?? 0;
}
