import type { Rule } from '../glossary/detection-settings.ts';
import type { Direction } from '../glossary/event.ts';
import type { MetricState, OpenIncident } from '../glossary/judgement.ts';
import { mean } from '../stats/mean.ts';
import { roundSignificant, roundTo } from '../stats/round.ts';

/** One verdict of the rule, before it has words: what becomes of one line of `anomalies.log`. */
export interface Verdict {
  event: 'anomaly' | 'recovered' | 'persisted';
  value: number;
  baseline: number;
  deviationPercent: number | null;
  direction: Direction;
  incident: string;
  runsOpen: number;
}

/** What opens an incident: the run that it begins with, and its id, worked out only where one is opened. */
export interface Opening {
  run: string;
  openedAt: string;
  incidentId(): string;
}

export interface MetricStep {
  state: MetricState;
  verdicts: Verdict[];
}

/** One part in 10^9 of the baseline: 0.43 x 1.25 is exactly 25% above 0.43, whatever the binary fractions say. */
const SLACK = 1e-9;

/** More digits than any meter has, fewer than the noise of a sum of binary fractions. */
const BASELINE_DIGITS = 12;

/**
 * The rule for one finite value of one metric. Three states:
 *
 * - learning (fewer than `window` values): the value is taken in, nothing is judged;
 * - normal: the value is taken in, or it is an anomaly and opens an incident, which freezes the baseline;
 *   A fixed baseline is there from the first value on, and stays what it is when an incident persists.
 * - incident: a value within the threshold ends it (`recovered`, back to normal with the old baseline), another one outside is
 *   one more `anomaly`; the one at `recoveryRuns` also ends it (`persisted`, its values are the beginning of the new baseline).
 */
export function stepMetric(state: MetricState, value: number, rule: Rule, opening: Opening): MetricStep {
  if (state.incident !== null) return stepIncident(state, state.incident, value, rule);
  const baseline = rule.fixedBaseline ?? baselineOf(state.recent, rule.window);
  if (baseline === null || !isAnomaly(value, baseline, rule)) {
    return { state: { recent: lastOf([...state.recent, value], rule.window), incident: null }, verdicts: [] };
  }
  const incident: OpenIncident = {
    id: opening.incidentId(),
    run: opening.run,
    openedAt: opening.openedAt,
    direction: value > baseline ? 'above' : 'below',
    baseline,
    values: [],
    runsOpen: -1,
  };
  return outside(state, incident, value, rule);
}

function stepIncident(state: MetricState, incident: OpenIncident, value: number, rule: Rule): MetricStep {
  if (isAnomaly(value, incident.baseline, rule)) return outside(state, incident, value, rule);
  const ended = { ...incident, runsOpen: incident.runsOpen + 1 };
  return {
    state: { recent: lastOf([...state.recent, value], rule.window), incident: null },
    verdicts: [verdict('recovered', ended, value)],
  };
}

/** A value outside, the first or a further one. It may end the incident: that many runs make the shift the new normal. */
function outside(state: MetricState, before: OpenIncident, value: number, rule: Rule): MetricStep {
  const incident = { ...before, values: [...before.values, value], runsOpen: before.runsOpen + 1 };
  const anomaly = verdict('anomaly', incident, value);
  if (incident.runsOpen < rule.recoveryRuns) {
    return { state: { recent: state.recent, incident }, verdicts: [anomaly] };
  }
  return {
    state: { recent: lastOf(incident.values, rule.window), incident: null },
    verdicts: [anomaly, verdict('persisted', incident, value)],
  };
}

function verdict(event: Verdict['event'], incident: OpenIncident, value: number): Verdict {
  const { baseline, id, runsOpen } = incident;
  // A value that meets the baseline exactly lies on neither side: it keeps the side of its incident.
  const direction = value === baseline ? incident.direction : value > baseline ? 'above' : 'below';
  const deviationPercent = deviation(value, baseline);
  return { event, value, baseline, deviationPercent, direction, incident: id, runsOpen };
}

/** Null with fewer values than the window asks for: nothing is judged then. */
function baselineOf(recent: readonly number[], window: number): number | null {
  const values = lastOf(recent, window);
  const average = recent.length < window ? null : mean(values);
  if (average === null) return null;
  // 0.1 + 0.2 - 0.3 is not 0 in binary fractions: a mean so small beside its values is the noise of their sum.
  const isNoise = Math.abs(average) < Math.max(...values.map(Math.abs)) * 10 ** -BASELINE_DIGITS;
  return isNoise ? 0 : roundSignificant(average, BASELINE_DIGITS);
}

function isAnomaly(value: number, baseline: number, rule: Rule): boolean {
  const difference = Math.abs(value - baseline);
  const slack = Math.abs(baseline) * SLACK;
  // With a baseline of 0 the allowed part is 0 as well: any other value is outside, and the floor alone decides.
  const allowed = Math.abs(baseline) * (rule.thresholdPercent / 100);
  return difference > allowed + slack && difference + slack >= rule.floor;
}

/** Null where it cannot be said: against a baseline of 0, or of so little that no number holds it. */
function deviation(value: number, baseline: number): number | null {
  const percent = (Math.abs(value - baseline) / Math.abs(baseline)) * 100;
  return Number.isFinite(percent) ? roundTo(percent, 2) : null;
}

function lastOf(values: readonly number[], count: number): number[] {
  return values.slice(Math.max(values.length - count, 0));
}
