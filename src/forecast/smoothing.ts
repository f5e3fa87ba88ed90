/** How fast a smoothed series follows its values. Each within 0 and 1. */
export interface SmoothingParameters {
  /** Of the level. */
  alpha: number;
  /** Of the trend. */
  beta: number;
  /** Of the season. */
  gamma: number;
  /** How much of the trend is left after a step: 1 keeps it for ever. */
  damping: number;
}

export interface SmoothingState {
  level: number;
  /** A step. */
  trend: number;
  /** What each place of the season adds; place 0 is that of value 0. Null: no season. */
  season: Float64Array | null;
}

/**
 * Exponential smoothing with an additive, damped trend and an additive season (Holt and Winters): the state behind the last value.
 *
 * - Purpose: what `holt` and `holt-winters` forecast from.
 * - Convention: with e as what the next value was off by: level' = level + damping trend + alpha e; trend' = damping trend + alpha beta e;
 *   season' = season + gamma (1 - alpha) e at the value's place. With a damping of 1 these are the equations of R's `HoltWinters`.
 * - Cost: O(n).
 * - Source: Winters, "Forecasting Sales by Exponentially Weighted Moving Averages", Management Science 6 (1960); Gardner and McKenzie,
 *   Management Science 31 (1985).
 *
 * @param state where it begins: behind value `from - 1`; changed in place
 * @param errors filled with what each value was off by, where it is asked for; values before `from` have none
 */
export function smooth(
  values: Float64Array,
  { alpha, beta, gamma, damping }: SmoothingParameters,
  state: SmoothingState,
  from: number,
  errors: Float64Array | null,
): void {
  const { season } = state;
  let { level, trend } = state;
  let place = season === null ? 0 : from % season.length;
  for (let at = from; at < values.length; at += 1) {
    const ahead = level + damping * trend;
    const seasonal = season === null ? 0 : (season[place] as number);
    const error = (values[at] as number) - ahead - seasonal;
    level = ahead + alpha * error;
    trend = damping * trend + alpha * beta * error;
    if (season !== null) {
      season[place] = seasonal + gamma * (1 - alpha) * error;
      place = place + 1 === season.length ? 0 : place + 1;
    }
    if (errors !== null) errors[at] = error;
  }
  state.level = level;
  state.trend = trend;
}

/** The `steps` values from number `length` on. */
export function ahead(
  { level, trend, season }: SmoothingState,
  damping: number,
  length: number,
  steps: number,
): Float64Array {
  let sum = 0;
  let factor = 1;
  return Float64Array.from({ length: steps }, (_, step) => {
    factor *= damping;
    sum += factor;
    return level + sum * trend + (season === null ? 0 : (season[(length + step) % season.length] as number));
  });
}
