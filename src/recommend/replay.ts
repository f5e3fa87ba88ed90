import { stepMetric } from '../judge/metric.ts';
import type { MetricState, Rule } from '../types.ts';

/** What a rule makes of a series. */
export interface Replayed {
  /** Incidents that it opens. */
  incidents: number;
  /** Positions of the values that open them. */
  openedAt: number[];
}

/** The rule of incidents over values in their order, from an empty baseline on. Cost: O(n times window). */
export function replayed(values: readonly number[], rule: Rule): Replayed {
  let state: MetricState = { recent: [], incident: null };
  const openedAt: number[] = [];
  for (const [index, value] of values.entries()) {
    const opening = { run: String(index), openedAt: '', incidentId: () => String(index) };
    const wasOpen = state.incident !== null;
    const step = stepMetric(state, value, rule, opening);
    if (!wasOpen && step.verdicts.length > 0) openedAt.push(index);
    state = step.state;
  }
  return { incidents: openedAt.length, openedAt };
}
