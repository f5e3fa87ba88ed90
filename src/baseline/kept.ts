import type { Baseline } from './baseline.ts';

/** A baseline as it is kept in the store, until it is set anew or removed. */
export interface KeptBaseline extends Baseline {
  module: string;
  metric: string;
  /** ISO 8601. */
  setAt: string;
  /** In words: which runs it was made of, or that a person gave it. */
  source: string;
  /** What it was made of, oldest first, outliers left out: comparisons want more than figures. Empty where it was given. */
  values: number[];
  timesMs: number[];
}
