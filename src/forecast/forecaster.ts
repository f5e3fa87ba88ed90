/**
 * What a forecaster is: one way of saying how a series goes on. `members.ts` lists all of them, `ensemble.ts` joins what they say, and
 * `intervals.ts` puts a range around it, in the same way for each: by how far it was off in the series' own past.
 *
 * Everything here is a pure function of the values in their order, the settings and the seed. A forecaster is given the values up to a
 * point and never those behind it, so that what it would have said in the past can be tried honestly.
 */

export interface ForecasterSettings {
  /** Values per season, a whole number from 2 on (24 for hourly values with a day's rhythm); null: there is none. */
  period: number | null;
  /** Makes every random choice repeatable. */
  seed: number;
}

/** What one forecaster has learned of one series. */
export interface FittedForecaster {
  /**
   * The `steps` values after `history`, which begins with the values that it has learned from and may go on behind them: the parameters
   * stay, the state follows. `history` has at least one value.
   */
  forecast(history: Float64Array, steps: number): Float64Array;
}

export interface Forecaster {
  /** As in the answer and on the command line. */
  name: string;
  /** Null where it knows nothing to say: too few values for it, or no season. The values are finite, oldest first, of about the size of 1. */
  fit(values: Float64Array, settings: ForecasterSettings): FittedForecaster | null;
}
