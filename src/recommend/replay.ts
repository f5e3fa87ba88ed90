import type { Rule } from '../glossary/detection-settings.ts';
import type { MetricState } from '../glossary/judgement.ts';
import { stepMetric } from '../judge/metric.ts';

/** How many incidents a rule would have opened over values in their order, from an empty baseline on. Cost: O(n times window). */
export function incidentsUnder(rule: Rule, values: readonly number[]): number {
  let state: MetricState = { recent: [], incident: null };
  let opened = 0;
  for (const value of values) {
    const wasOpen = state.incident !== null;
    const step = stepMetric(state, value, rule, OPENING);
    if (!wasOpen && step.verdicts.length > 0) opened += 1;
    state = step.state;
  }
  return opened;
}

/** Nobody asks for the names of these incidents. */
const OPENING = { run: '', openedAt: '', incidentId: () => '' };
