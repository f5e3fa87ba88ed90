import type { Rule } from '../glossary/detection-settings.ts';

/**
 * What a detector is. A detector is one way of telling a real change from noise; `detectors.ts` lists all of them, `ensemble.ts` joins
 * what they say.
 *
 * Everything here is a pure function of the observations in their order, the settings and the seed: a model never sees an
 * observation before it is asked about it.
 */

/** One thing that was measured: a value per metric, null where there is none. A lone metric is a vector of one. */
export interface Observation {
  /** Milliseconds since 1970; null where the series has no times. */
  timeMs: number | null;
  /** At most 10^100 in size: of larger ones neither sums nor squares can be relied on (see `measured`). */
  values: readonly (number | null)[];
}

const LARGEST = 1e100;

/** A value that detectors can work with; null for one that is none, or too large to be one. */
export function measured(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Math.abs(value) <= LARGEST ? value : null;
}

/** A lasting change of level, as it is known at the observation that showed it. */
interface Shift {
  /** How many observations ago it began; 0: with this one. */
  beganAgo: number;
  before: number;
  after: number;
}

/** What a detector says of one observation, before it has learned from it. */
export interface Opinion {
  /**
   * From 0 (as expected) towards 1, never reaching it. 0.5 is where this detector alone would flag; with x as its statistic over
   * its threshold it is x / (1 + x), so that order is kept however large x is. Null: it knows too little yet to say anything.
   */
  score: number | null;
  /** The range in which the first value was expected; null where it expects nothing. */
  expected: readonly [low: number, high: number] | null;
  /** Set by detectors that look for shifts, at the observation at which they see one. */
  shift: Shift | null;
}

/** What one detector has learned of one series. It changes with each observation, and costs a bounded amount of memory and time. */
export interface Model {
  /** Judges an observation by those before it, then learns from it. */
  next(observation: Observation): Opinion;
  /** Learns what came before, oldest first, all at once and without an opinion, where that costs less than one by one. */
  learn?(history: readonly Observation[]): void;
  /** All that it has learned, where that is little: a model that restores it goes on exactly as this one. */
  save?(): number[];
  restore?(saved: Float64Array): void;
}

export interface DetectorSettings {
  /** Observations per season (24 for hourly values with a day's rhythm); null: found in the series, where there is one. */
  period: number | null;
  /** Makes every random choice repeatable. */
  seed: number;
  /** The rule of the metric: what `deviation` judges by. */
  rule: Rule;
}

export interface Detector {
  /** As in the configuration and in `votes`. */
  name: string;
  /** A model that knows nothing yet, for observations with so many metrics. */
  begin(settings: DetectorSettings, metrics: number): Model;
}

/** Learns a whole history, oldest first. */
export function fit(detector: Detector, history: readonly Observation[], settings: DetectorSettings): Model {
  const model = detector.begin(settings, history[0]?.values.length ?? 1);
  for (const observation of history) model.next(observation);
  return model;
}

/** What a model knows of the time before it was begun, where its opinions of that time are of no interest. */
export function learnInto(model: Model, history: readonly Observation[]): void {
  if (model.learn !== undefined) model.learn(history);
  else for (const observation of history) model.next(observation);
}

/** The score of a statistic that flags from `threshold` on. */
export function scoreOf(statistic: number, threshold: number): number {
  const ratio = Math.max(statistic / threshold, 0);
  const most = 1 - Number.EPSILON; // what x / (1 + x) is rounded to 1 from
  return ratio === Number.POSITIVE_INFINITY ? most : Math.min(ratio / (1 + ratio), most);
}

export const NO_OPINION: Opinion = { score: null, expected: null, shift: null };
