import { stepMetric } from '../judge/metric.ts';
import type { MetricState, Rule } from '../types.ts';
import { type Detector, type Model, NO_OPINION, type Opinion, scoreOf } from './detector.ts';

/**
 * The rule itself as a detector: how far a value leaves the mean of the last `window` ones, in terms of the threshold. Exactly
 * what opens an incident has a score above 0.5.
 *
 * Cost: O(window) per value.
 */
export function beginDeviation(rule: Rule): Model {
  let state: MetricState = { recent: [], incident: null };
  const opening = { run: '', openedAt: '', incidentId: () => '' };
  return {
    next({ values }) {
      const value = values[0] ?? null;
      if (value === null) return NO_OPINION;
      const baseline = baselineOf(state, rule);
      const step = stepMetric(state, value, rule, opening);
      state = step.state;
      if (baseline === null) return NO_OPINION;
      const isOutside = step.verdicts.some(({ event }) => event === 'anomaly');
      return opinionOf(value, baseline, rule, isOutside);
    },
  };
}

function baselineOf({ recent, incident }: MetricState, { window }: Rule): number | null {
  if (incident !== null) return incident.baseline;
  return recent.length < window ? null : recent.reduce((sum, each) => sum + each, 0) / recent.length;
}

function opinionOf(value: number, baseline: number, rule: Rule, isOutside: boolean): Opinion {
  const allowed = Math.max(Math.abs(baseline) * (rule.thresholdPercent / 100), rule.floor);
  const distance = Math.abs(value - baseline);
  const score = distance === 0 ? 0 : scoreOf(distance, allowed);
  return {
    // What lies exactly on the threshold is inside, whatever the binary fractions say.
    score: isOutside ? Math.max(score, OVER) : Math.min(score, 0.5 - Number.EPSILON),
    expected: [baseline - allowed, baseline + allowed],
    shift: null,
  };
}

const OVER = 0.5 + Number.EPSILON;

export const deviation: Detector = { name: 'deviation', begin: ({ rule }) => beginDeviation(rule) };
