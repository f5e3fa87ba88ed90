import type { Season } from './season.ts';

export type Percentiles = Record<'p5' | 'p25' | 'p50' | 'p75' | 'p95' | 'p99', number>;

/** What a metric is compared with, in figures. */
export interface Baseline {
  /** `measured`: made of runs; `given`: numbers that a user has set. */
  kind: 'measured' | 'given';
  /** How many values it is made of, without the outliers; 0 where it was given. */
  n: number;
  mean: number;
  /** Null for a single value, and where it was not given. */
  standardDeviation: number | null;
  /** Null where it was given. */
  percentiles: Percentiles | null;
  min: number | null;
  max: number | null;
  /** What was left out of all figures, and where it stood among the values. */
  outliers: { index: number; value: number }[];
  season: Season | null;
  /** Two levels that runs go to and fro between. */
  modes: { low: number; high: number } | null;
  /** So many independent values would tell as much; fewer than n where runs resemble their neighbours. */
  effectiveCount: number;
  /** In words: why it may be a bad baseline. */
  warnings: string[];
}
