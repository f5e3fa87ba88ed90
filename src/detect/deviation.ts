import type { Rule } from '../glossary/detection-settings.ts';
import type { MetricState } from '../glossary/judgement.ts';
import { stepMetric } from '../judge/metric.ts';
import { mean } from '../stats/mean.ts';
import { type Detector, type Model, NO_OPINION, type Opinion, scoreOf } from './detector.ts';

/**
 * The rule itself as a detector: how far a value leaves the mean of the last `window` ones, in terms of the threshold. Exactly
 * what opens an incident has a score above 0.5.
 *
 * Cost: O(window) per value; about 0.1 microseconds where it is clearly within the threshold.
 */
export function beginDeviation(rule: Rule): Model {
  let state: MetricState = { recent: [], incident: null };
  const opening = { run: '', openedAt: '', incidentId: () => '' };
  return {
    next({ values }) {
      const value = values[0] ?? null;
      if (value === null || !Number.isFinite(value)) return NO_OPINION;
      const baseline = baselineOf(state, rule);
      if (
        baseline !== null &&
        state.incident === null &&
        isClearlyInside(value, baseline, state.recent, rule)
      ) {
        state.recent.shift();
        state.recent.push(value);
        return opinionOf(value, baseline, rule, false);
      }
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
  return recent.length < window ? null : mean(recent);
}

/** What lies further inside than this part of the threshold is inside however the rule rounds: there is no need to ask it. */
const CLEARLY = 0.999;
/** Of values so much larger than their mean the rule takes the rest for noise, and the baseline for 0. */
const CANCELLED = 1e9;

function isClearlyInside(value: number, baseline: number, recent: readonly number[], rule: Rule): boolean {
  const size = Math.abs(baseline);
  if (!(Math.abs(value - baseline) < CLEARLY * size * (rule.thresholdPercent / 100))) return false;
  return recent.every(each => Math.abs(each) < CANCELLED * size);
}

function opinionOf(value: number, baseline: number, rule: Rule, isOutside: boolean): Opinion {
  const part = Math.abs(baseline) * (rule.thresholdPercent / 100);
  const allowed = Math.min(Math.max(part, rule.floor), Number.MAX_VALUE);
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
