import type { Outcome } from './run.ts';

/** Which part of a history: between two moments (both included), and of that the newest so many. Left out: all. */
export interface Range {
  sinceMs?: number;
  untilMs?: number;
  newest?: number;
}

/** One value of a series, with the run that it belongs to. */
export interface Point {
  timeMs: number;
  value: number;
  /** Null for samples, and outside git. */
  revision: string | null;
}

export type Bucket = 'hour' | 'day';

/** What is kept of one hour or day (UTC) of a series. */
export interface Rollup {
  startMs: number;
  count: number;
  mean: number;
  /** Null with one value. */
  standardDeviation: number | null;
  min: number;
  max: number;
  /** Within 1 % of itself. */
  p50: number;
  /** Within 1 % of itself. */
  p95: number;
}

/** How the runs of a module ended in one hour or day, and how long they took together. */
export interface OutcomeRollup {
  startMs: number;
  outcome: Outcome;
  count: number;
  runtimeSeconds: number;
}

/** Names one series. Labels are as they were reported, in any order. */
export interface SeriesName {
  source: string;
  metric: string;
  labels: Record<string, string>;
}
