import { BUCKET_MS } from '../../buckets.ts';
import type { ChangeEvent, LogEvent } from '../../glossary/event.ts';
import type { Bucket, Point, Rollup } from '../../glossary/history.ts';
import type { Run } from '../../glossary/run.ts';
import { valueIn } from '../../judge/values.ts';
import type { Anomaly, Change, MetricReport, Regression, Series, Trend } from '../../report/data.ts';
import { quantity, unitOf } from '../../report/quantity.ts';
import { trendOf } from '../../trend/trend.ts';
import type { RegressionCheck } from '../check-regression.ts';
import { bandOf } from './band.ts';
import { chartForecast } from './forecasts.ts';
import type { ReportScope } from './scope.ts';
import { signedPercentOf } from './signed.ts';

/** What a module's charts are drawn from. */
export interface MetricSource {
  /** Oldest first; with a bucket only the newest ones of the time. */
  runs: readonly Run[];
  /** Null: each run by itself. */
  bucket: Bucket | null;
}

/** One metric of a module. */
export function metricReport(
  scope: ReportScope,
  module: string,
  metric: string,
  { runs, bucket }: MetricSource,
): MetricReport {
  const { reader, fromMs, toMs, events, checks, limitOf } = scope;
  const range = { sinceMs: fromMs, untilMs: toMs };
  const points = bucket === null ? pointsIn(runs, metric) : [];
  const rolled = bucket === null ? [] : reader.rollups(module, metric, {}, bucket, range);
  const told = events.get(`${module}.${metric}`) ?? [];
  const anomalies = anomaliesIn(told, runs);
  const anomalous = new Set(anomalies.map(({ timeMs }) => timeMs));
  return {
    metric,
    series: bucket === null ? valuesOf(points) : rolledSeries(rolled, BUCKET_MS[bucket]),
    baseline: bandOf(reader.baseline(module, metric), points, rolled, anomalous),
    limit: limitOf(module, metric),
    anomalies,
    changes: told.flatMap(each => (isChange(each) ? [changeOf(each)] : [])),
    trend: trendIn(metric, points, rolled, { fromMs, toMs }),
    regression: regressionOf(checks.get(`${module}.${metric}`)),
    forecast: chartForecast(scope.forecasts.get(`${module}.${metric}`), scope),
    figures: null,
  };
}

function pointsIn(runs: readonly Run[], metric: string): Point[] {
  return runs.flatMap(run => {
    const value = run.outcome === 'ok' ? valueIn(run, metric) : null;
    return value === null ? [] : [{ timeMs: Date.parse(run.startedAt), value, revision: run.revision }];
  });
}

export function valuesOf(points: readonly Point[]): Series {
  return {
    kind: 'values',
    timesMs: points.map(({ timeMs }) => timeMs),
    values: points.map(({ value }) => value),
  };
}

export function rolledSeries(rolled: readonly Rollup[], bucketMs: number): Series {
  return {
    ...{ kind: 'roll-up', bucketMs },
    timesMs: rolled.map(each => each.startMs),
    counts: rolled.map(each => each.count),
    mean: rolled.map(each => each.mean),
    min: rolled.map(each => each.min),
    max: rolled.map(each => each.max),
    p95: rolled.map(each => each.p95),
  };
}

/** Each where its run is drawn, which is at its start; the log has the time of its end. */
function anomaliesIn(told: readonly LogEvent[], runs: readonly Run[]): Anomaly[] {
  const anomalies = told.filter(({ event }) => event === 'anomaly');
  if (anomalies.length === 0) return [];
  const startOf = new Map(runs.map(({ id, startedAt }) => [id, startedAt]));
  return anomalies.map(event => anomalyOf(event, startOf.get(event.run) ?? event.time));
}

function anomalyOf(event: LogEvent, time: string): Anomaly {
  const { value, direction, deviationPercent, kind, severity, confidence, message } = event;
  return {
    timeMs: Date.parse(time),
    ...{ value, direction, message, deviationPercent: signedPercentOf(direction, deviationPercent) },
    ...{ kind: kind ?? null, severity: severity ?? null, confidence: confidence ?? null },
  };
}

function isChange(event: LogEvent): event is ChangeEvent {
  return event.event === 'change' && event.kind === 'shift';
}

function changeOf({
  time,
  value,
  baseline,
  deviationPercent,
  direction,
  severity,
  confidence,
  since,
  message,
}: ChangeEvent): Change {
  return {
    timeMs: Date.parse(since?.time ?? time),
    before: baseline,
    after: value,
    deviationPercent: signedPercentOf(direction, deviationPercent),
    ...{ severity, confidence, message },
    revisionBefore: since?.revisionBefore ?? null,
    revisionAfter: since?.revisionAfter ?? null,
    subject: null,
  };
}

/** Of a trend's steps in the time of the report. */
const STEPS = 168;

/** Where a metric is heading in the time of the report; null where there are too few values to tell. */
export function trendIn(
  metric: string,
  points: readonly Point[],
  rolled: readonly Rollup[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Trend | null {
  const values = points.length > 0 ? points.map(each => each.value) : rolled.map(each => each.p50);
  const timesMs = points.length > 0 ? points.map(each => each.timeMs) : rolled.map(each => each.startMs);
  const bucketMs = Math.max(60_000, Math.ceil((toMs - fromMs) / STEPS));
  const { direction, slopePerDay, interval } = trendOf(values, timesMs, { fromMs, toMs, bucketMs });
  if (slopePerDay === null || interval === null || direction === 'too-few') return null;
  const verb = direction === 'flat' ? 'is steady' : direction === 'rising' ? 'grows' : 'falls';
  const words =
    direction === 'flat' ? verb : `${verb} by ${quantity(Math.abs(slopePerDay), unitOf(metric))} a day`;
  return {
    slopePerDay,
    ...interval,
    level: 0.95,
    direction: direction === 'flat' ? 'steady' : direction,
    words,
  };
}

const VERDICTS = {
  worse: 'worse',
  better: 'better',
  indistinct: 'same',
  different: 'unclear',
  'too-few': 'unclear',
} as const;

/** Null where there was nothing to compare. */
function regressionOf(check: RegressionCheck | undefined): Regression | null {
  if (check === undefined || check.verdict === 'too-few') return null;
  const { verdict, changePercent, intervalPercent, alpha, reference, recent, pAdjusted, against } = check;
  if (reference.median === null || recent.median === null) return null;
  return {
    verdict: VERDICTS[verdict],
    percent: changePercent,
    lowPercent: intervalPercent?.low ?? null,
    highPercent: intervalPercent?.high ?? null,
    level: 1 - alpha,
    reference: reference.median,
    recent: recent.median,
    confidence: pAdjusted === null || verdict === 'indistinct' ? null : 1 - pAdjusted,
    words: `the last ${recent.n} runs against ${against}`,
  };
}
