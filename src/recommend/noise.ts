import type { Rule } from '../glossary/detection-settings.ts';
import type { ChangeEvent } from '../glossary/event.ts';
import type { Run } from '../glossary/run.ts';
import { metricValues } from '../judge/values.ts';
import { quantile } from '../stats/quantile.ts';
import { percentText } from './durations.ts';
import type { IncidentFacts } from './facts.ts';
import type { Change, Found } from './finding.ts';
import { type Known, perModule } from './module.ts';
import { quieterRule } from './quieter-rule.ts';
import { incidentsUnder } from './replay.ts';
import { evidenceOf } from './runs.ts';

const MIN_RUNS = 50;
const MIN_INCIDENTS = 6;
/** So many of them must have recovered. Nearly all of narrow noise do, with the next run; of wide noise some go on for four. */
const MIN_RECOVERED = 0.6;
/** What the detectors must think of them, in the median: noise. */
const MOST_CONFIDENCE = 0.5;
/** From this on an incident is taken for a real change, which no advice may hide. */
const REAL_CONFIDENCE = 0.7;
/** Fewer alarms than this need no advice. */
const MIN_RATE = 0.02;
/** The advice would have let the past raise at most one in so many runs. */
const RUNS_AN_INCIDENT = 100;

/** A metric whose incidents are noise: over by themselves, and doubted by the detectors. */
export const noise = perModule(known =>
  Object.keys(known.rules)
    .sort()
    .flatMap(metric => ofMetric(known, metric)),
);

interface Noise {
  incidents: IncidentFacts[];
  recovered: number;
  overAtOnce: number;
  confidence: number;
}

function ofMetric(known: Known, metric: string): Found[] {
  const rule = known.rules[metric] ?? null;
  const told = known.incidents.filter(each => each.metric === metric);
  if (rule === null || told.length < MIN_INCIDENTS) return [];
  const measured = known.runs.flatMap(run => {
    const value = run.outcome === 'ok' ? metricOf(run, metric) : null;
    return value === null ? [] : [{ run, value }];
  });
  const runs = measured.map(({ run }) => run);
  const values = measured.map(({ value }) => value);
  const found = noiseOf(told, runs);
  if (found === null || runs.length < MIN_RUNS) return [];
  if (!isOften(incidentsUnder(rule, values), runs)) return []; // the rule was another one then
  const most = Math.max(1, Math.floor(runs.length / RUNS_AN_INCIDENT));
  const quieter = quieterRule(values, rule, most);
  const real = [...found.incidents.filter(isReal), ...known.changes.filter(each => each.metric === metric)];
  if (real.some(each => quieter === null || isHidden(each, quieter.rule))) return [];
  const path = ['detection', 'modules', known.name, 'metrics', metric];
  const change =
    quieter === null
      ? { path: [...path, 'judge'], from: true, to: false }
      : changeTo(path, rule, quieter.rule);
  return [finding(known, metric, runs, found, change, quieter?.incidents ?? 0)];
}

function finding(
  { name }: Known,
  metric: string,
  runs: Run[],
  { incidents, recovered, overAtOnce, confidence }: Noise,
  change: Change,
  remaining: number,
): Found {
  return {
    id: `${name}.noise.${metric}`,
    module: name,
    severity: 'info',
    title:
      `the alarms about ${metric} of ${name} are noise: ${incidents.length} incidents in ${runs.length} runs, ` +
      `${recovered} recovered, ${overAtOnce} with the next run; the detectors are ${sureText(confidence)} sure of the usual one`,
    advice:
      change.to === false
        ? `take ${metric} out of judging: it varies too much to say anything`
        : `set its ${String(change.path.at(-1))} to ${change.to}: the same runs would have raised ${remaining} incident(s)`,
    evidence: evidenceOf(runs, {
      incidents: incidents.length,
      recovered,
      overAtOnce,
      medianConfidence: confidence,
      incidentsAfterwards: remaining,
    }),
    change,
  };
}

function sureText(confidence: number): string {
  return confidence < 0.01 ? 'less than 1 %' : percentText(confidence);
}

/** Null where there are too few incidents for a judgement, or they are more than noise. */
function noiseOf(told: readonly IncidentFacts[], runs: readonly Run[]): Noise | null {
  const known = new Set(runs.map(({ id }) => id));
  const incidents = told.filter(each => each.status !== 'open' && known.has(each.run));
  const recovered = incidents.filter(({ status }) => status === 'recovered');
  const overAtOnce = recovered.filter(({ runsOpen }) => runsOpen <= 1).length;
  const sure = incidents.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  const confidence = quantile(sure, 0.5);
  const isMany = isOften(incidents.length, runs);
  const isDoubted =
    sure.length >= incidents.length / 2 && confidence !== null && confidence < MOST_CONFIDENCE;
  if (!isMany || !isDoubted || recovered.length < MIN_RECOVERED * incidents.length) return null;
  return { incidents, recovered: recovered.length, overAtOnce, confidence };
}

function isOften(incidents: number, runs: readonly Run[]): boolean {
  return incidents >= MIN_INCIDENTS && incidents >= MIN_RATE * runs.length;
}

/** What the detectors are sure of; where they were not asked, what has lasted. */
function isReal({ status, confidence }: IncidentFacts): boolean {
  return confidence === null ? status === 'persisted' : confidence >= REAL_CONFIDENCE;
}

/** Whether a real change would not be seen any more: the floor is one for both the rule and the detectors. */
function isHidden(change: IncidentFacts | ChangeEvent, { thresholdPercent, floor }: Rule): boolean {
  const difference = Math.abs(change.value - change.baseline);
  const isOfRule = 'status' in change;
  return (
    difference < floor || (isOfRule && difference <= (thresholdPercent / 100) * Math.abs(change.baseline))
  );
}

function changeTo(path: string[], rule: Rule, quieter: Rule): Change {
  return quieter.floor === rule.floor
    ? { path: [...path, 'threshold'], from: rule.thresholdPercent, to: quieter.thresholdPercent }
    : { path: [...path, 'floor'], from: rule.floor, to: quieter.floor };
}

function metricOf(run: Run, metric: string): number | null {
  return metricValues(run).find(([name]) => name === metric)?.[1] ?? null;
}
