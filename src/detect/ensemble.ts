import type { ModelSettings, Rule } from '../types.ts';
import type { Observation } from './detector.ts';
import { beginMetric } from './metric.ts';
import type { Verdict } from './verdict.ts';

/** Follows a series with one or many columns: a verdict for each column. */
export interface Ensemble {
  next(observation: Observation): Verdict[];
}

export function beginEnsemble(settings: ModelSettings, rule: Rule, columns: number): Ensemble {
  const metrics = Array.from({ length: columns }, () => beginMetric(settings, rule));
  return {
    next: ({ values, timeMs }) => metrics.map((metric, index) => metric.next(values[index] ?? null, timeMs)),
  };
}
