import type { ModelSettings, Rule } from '../glossary/detection-settings.ts';
import { measured, type Observation } from './detector.ts';
import { beginIsolationForest } from './isolation-forest.ts';
import { beginMetric } from './metric.ts';
import type { Verdict } from './verdict.ts';

/** Follows a series with one or many columns: a verdict for each column. */
export interface Ensemble {
  next(observation: Observation): Verdict[];
}

/**
 * Each column has an ensemble of its own; of several columns the isolation forest sees the whole row. *
 * @param rules one a column
 */
export function beginEnsemble(settings: ModelSettings, rules: readonly Rule[]): Ensemble {
  const metrics = rules.map(rule => beginMetric(settings, rule, 'ranking'));
  const forest = rules.length > 1 ? beginIsolationForest(settings, rules.length) : null;
  return {
    next({ values, timeMs }) {
      const verdicts = metrics.map((metric, column) => metric.next(values[column] ?? null, timeMs));
      if (forest === null) return verdicts;
      const { score } = forest.next({ values: values.map(measured), timeMs });
      for (const { votes } of verdicts) votes['isolation-forest'] = score;
      return verdicts;
    },
  };
}
