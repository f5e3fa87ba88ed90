import type { Rule } from './glossary/detection-settings.ts';
import type { AnomalyEvent } from './glossary/event.ts';
import type { Judgement, MetricState, ModuleState } from './glossary/judgement.ts';
import type { Run } from './glossary/run.ts';
import { type Opening, stepMetric, type Verdict } from './judge/metric.ts';
import { metricValues } from './judge/values.ts';
import { anomalyMessage, endMessage } from './judge/words.ts';

/**
 * Judges one run against what is normal for its module: the new state, and the lines for `anomalies.log`, in order.
 *
 * - Only `ok` runs are judged and learned from; any other leaves the state as it is.
 * - A metric without a finite value is passed over: its state waits, an open incident stays open and counts no run.
 * - A metric whose rule is null (taken out of judging) is forgotten, its open incident with it and without an event:
 *   an incident is open only as long as the state holds it. Taken in again, it learns from the beginning.
 * - Metrics come in the order of `metricValues`: base ones, custom ones, then the others; a custom metric with the name of a base metric is passed over.
 * - Where a rule changes between two runs, the new one counts from the next value on; an open incident keeps its frozen baseline.
 *   `recent` holds the last `window` values: a smaller window is used at once, a larger one when so many values have come.
 * - `deviationPercent` is the distance from the baseline without a sign, to 2 decimals; `direction` says the side.
 *
 * @param state what the rule remembers of the module; never changed. `{}` for a new module.
 * @param ruleFor the rule of one metric of this module; null: not judged.
 * @param incidentId names the incident that this run opens in this metric; must be the same whenever it is asked again.
 */
export function judgeRun(
  state: ModuleState,
  run: Run,
  ruleFor: (metric: string) => Rule | null,
  incidentId: (run: Run, metric: string) => string,
): Judgement {
  if (run.outcome !== 'ok') return { state, events: [] };
  const metrics = new Map(Object.entries(state).filter(([metric]) => ruleFor(metric) !== null));
  const events: AnomalyEvent[] = [];
  for (const [metric, value] of metricValues(run)) {
    const rule = ruleFor(metric);
    if (rule === null) continue;
    const opening = { run: run.id, openedAt: run.endedAt, incidentId: () => incidentId(run, metric) };
    const step = stepMetric(metrics.get(metric) ?? nothingKnown(), value, rule, opening satisfies Opening);
    metrics.set(metric, step.state);
    events.push(...step.verdicts.map(verdict => eventOf(verdict, run, metric, rule)));
  }
  // fromEntries defines properties and never sets them, so that a metric named `__proto__` is one like any other.
  return { state: Object.fromEntries(metrics), events };
}

function nothingKnown(): MetricState {
  return { recent: [], incident: null };
}

function eventOf(verdict: Verdict, run: Run, metric: string, rule: Rule): AnomalyEvent {
  const { event, value, baseline, deviationPercent, direction, incident, runsOpen } = verdict;
  const { module } = run;
  const window = (rule.fixedBaseline ?? null) === null ? rule.window : null;
  const message =
    event === 'anomaly'
      ? anomalyMessage({ module, metric, value, baseline, deviationPercent, direction, window })
      : endMessage(event, module, metric);
  return {
    time: run.endedAt,
    event,
    message,
    module,
    metric,
    value,
    baseline,
    deviationPercent,
    thresholdPercent: rule.thresholdPercent,
    direction,
    run: run.id,
    iteration: run.iteration,
    incident,
    runsOpen,
  };
}
