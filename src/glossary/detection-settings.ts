/** The rule of one metric of one module, all defaults filled in. */
export interface Rule {
  thresholdPercent: number;
  window: number;
  recoveryRuns: number;
  floor: number;
  /** A baseline that was set takes the rolling one's place; left out or null: there is none, or the rolling one is wanted. */
  fixedBaseline?: number | null;
}

/** What a value is compared with: the average of the last values, or the baseline that was set for the metric, where one was. */
export type BaselineKind = 'rolling' | 'fixed';

/** Any part of a rule that a module or a metric sets for itself; `judge: false` takes a metric out. */
export type RulePart = Partial<Omit<Rule, 'fixedBaseline'>> & { baseline?: BaselineKind; judge?: boolean };

/** How the detectors beside the rule look at a history. */
export interface ModelSettings {
  /** Values per season; null: found in the history, where there is one. */
  period: number | null;
  /** The share of runs that the isolation forest takes for unusual; null: by its score alone. */
  contamination: number | null;
  /** After so many runs the models are trained anew. */
  modelUpdateInterval: number;
  /** Makes every random choice repeatable. */
  seed: number;
}

export interface DetectionSettings extends Omit<Rule, 'floor' | 'fixedBaseline'>, ModelSettings {
  baseline: BaselineKind;
  /** Whether a real change that the rule misses is written to the log. */
  changes: boolean;
  /** Whether the LSTM autoencoder is trained, over 200 runs. */
  lstm: boolean;
  /** By metric; a metric that is not named has the floor 0. */
  floors: Record<string, number>;
  modules: Record<string, RulePart & { floors?: Record<string, number>; metrics: Record<string, RulePart> }>;
}
