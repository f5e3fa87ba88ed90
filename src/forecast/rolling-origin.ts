import type { FittedForecaster, Forecaster, ForecasterSettings } from './forecaster.ts';

/** From which places of its past a series is forecast, to see how well that goes. */
export interface Plan {
  /** How many values are known at each of them, ascending; the value with this number is the first to be forecast. */
  origins: readonly number[];
  /** At these the parameters are learned anew; between them only the state goes on. Positions in `origins`. */
  refits: readonly number[];
  steps: number;
}

/** What one forecaster would have said: one array of `steps` values an origin. */
export type Trial = Float64Array[];

/** Fewer origins than this say nothing of how good a forecast is. */
export const FEWEST_ORIGINS = 5;

const MOST_ORIGINS = 50;
const FEWEST_KNOWN = 3;
/** A series of up to so many values costs little: its parameters are learned anew more often. */
const SHORT = 200;

/**
 * Rolling origin: which places of the later part of a series to forecast from.
 *
 * - Convention: from the middle of the series on, later where two seasons are to be known first; at most 50 origins, evenly spread, the
 *   last one just before the last value. Parameters are learned anew at 3 of them (5 in a short series).
 * - Source: Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16 (2000), 437-450.
 */
export function planOf(length: number, steps: number, period: number | null): Plan {
  const first = firstOrigin(length, period);
  const count = Math.min(MOST_ORIGINS, length - first);
  if (count <= 0) return { origins: [], refits: [], steps };
  const spacing = (length - first) / count;
  const origins = Array.from(
    { length: count },
    (_, index) => length - Math.floor((count - 1 - index) * spacing) - 1,
  );
  const refits = Math.min(count, length <= SHORT ? 5 : 3);
  return {
    origins,
    steps,
    refits: Array.from({ length: refits }, (_, index) => Math.floor((index * count) / refits)),
  };
}

/** How many values are known at the first origin. What is decided once for the whole trial is decided from these alone. */
export function firstOrigin(length: number, period: number | null): number {
  const seasons = period === null ? 0 : Math.min(2 * period + 2, Math.floor((3 * length) / 4));
  return Math.max(FEWEST_KNOWN, length >> 1, seasons);
}

/**
 * What a forecaster would have said at each origin, from the values before it alone; null where it had nothing to say at one of them.
 *
 * @param held keeps a forecast within what can be: see `holdWithin`
 */
export function tried(
  forecaster: Forecaster,
  values: Float64Array,
  { origins, refits, steps }: Plan,
  settings: ForecasterSettings,
  held: (forecast: Float64Array, history: Float64Array) => Float64Array,
): Trial | null {
  let fitted: FittedForecaster | null = null;
  const trial: Trial = [];
  for (const [index, origin] of origins.entries()) {
    const history = values.slice(0, origin); // a copy: the values behind it are out of reach
    if (refits.includes(index)) fitted = forecaster.fit(history, settings);
    if (fitted === null) return null;
    trial.push(held(fitted.forecast(history, steps), history));
  }
  return trial;
}

/** How many of an origin's steps have become known. */
export function knownSteps(origin: number, { steps }: Plan, length: number): number {
  return Math.min(steps, length - origin);
}
