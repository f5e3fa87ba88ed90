export interface ForecastSettings {
  /** How many values to forecast, 1 or more. */
  steps: number;
  /** The share of values that lie in their interval, within (0, 1). */
  level: number;
  /** Values per season; null: found, where there is one. 1: there is none. */
  period: number | null;
  /** Periods that the calendar suggests, in values: tried first. */
  naturalPeriods: readonly number[];
  /** The metric cannot be negative: neither forecasts nor bounds go below 0. */
  nonNegative: boolean;
  /** The name of the model to give; null: the ensemble, or what is better than it. */
  model: string | null;
  seed: number;
}

export const FORECAST_SETTINGS: Omit<ForecastSettings, 'steps'> = {
  level: 0.95,
  period: null,
  naturalPeriods: [],
  nonNegative: false,
  model: null,
  seed: 1,
};

export interface ForecastStep {
  value: number;
  /** Null where there are too few values to say how far off it may be. */
  low: number | null;
  high: number | null;
}

/** How one model did in the series' own past, and what it says. */
export interface ModelReport {
  name: string;
  /** Mean absolute error, in the unit of the series. */
  mae: number;
  /** Over the error of "same as last time", one step ahead; null where that is 0. Below 1: better than that, even some steps ahead. */
  mase: number | null;
  smapePercent: number;
  /** Its share in the ensemble; null for the ensemble. */
  weight: number | null;
  values: number[];
}

export interface Forecast {
  steps: ForecastStep[];
  /** Whose forecast `steps` is. */
  model: string;
  /** Whether it clearly did better than the yardstick; null where there are too few values to tell. */
  beatsNaive: boolean | null;
  /** The better one of "same as last time" (`naive`) and "same as one season ago" (`seasonal-naive`). */
  yardstick: string;
  /** Found or given; null: no season. */
  period: number | null;
  /** Of the latest values this many were used. */
  used: number;
  /** From so many places of the past it was tried. */
  origins: number;
  /** Every model that has something to say, the most exact first. */
  models: ModelReport[];
  /** For a person: what to make of it. */
  words: string[];
}
