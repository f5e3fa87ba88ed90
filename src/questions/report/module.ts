import type { Bucket } from '../../glossary/history.ts';
import type { Outcome, Run } from '../../glossary/run.ts';
import { OUTCOMES } from '../../glossary/run.ts';
import type { Failure, ModuleReport, RevisionMark } from '../../report/data.ts';
import { metricsOf } from '../module-metrics.ts';
import { metricReport } from './metric.ts';
import type { ReportScope } from './scope.ts';

/** Of a module with more runs in the time than that, charts show its hours, and the marks those of its newest runs. */
const MOST_RUNS = 5_000;

/** More metrics of a module are not drawn. */
const MOST_METRICS = 12;

const HOUR_MS = 3_600_000;
const DAYS_FROM_MS = 60 * 24 * HOUR_MS;

/** One module in the time of the report. */
export function moduleReport(scope: ReportScope, name: string): ModuleReport {
  const { reader, fromMs, toMs, scheduleOf } = scope;
  const bucket: Bucket = toMs - fromMs > DAYS_FROM_MS ? 'day' : 'hour';
  const rolled = reader.outcomes(name, bucket, { sinceMs: fromMs, untilMs: toMs });
  const total = rolled.reduce((sum, { count }) => sum + count, 0);
  const isDense = total > MOST_RUNS;
  const runs = isDense ? newestRuns(scope, name) : allRuns(scope, name);
  const counts = isDense
    ? countsOf(rolled.map(({ outcome, count }) => [outcome, count]))
    : countsOf(runs.map(run => [run.outcome, 1]));
  const last = runs.at(-1);
  const metrics = metricsOf(reader, name).slice(0, MOST_METRICS);
  return {
    name,
    schedule: scheduleOf(name),
    counts,
    cpuHours: isDense ? rolledCpuHours(scope, name, bucket) : cpuHoursOf(runs),
    lastRun: last === undefined ? null : { timeMs: Date.parse(last.endedAt), outcome: last.outcome },
    revisions: revisionsOf(runs),
    failures: runs.flatMap(failureOf),
    metrics: metrics.map(metric =>
      metricReport(scope, name, metric, { runs, bucket: isDense ? bucket : null }),
    ),
  };
}

function allRuns({ reader, fromMs, toMs }: ReportScope, module: string): Run[] {
  return byStart([...reader.runPages({ module, sinceMs: fromMs, untilMs: toMs }, MOST_RUNS)].flat());
}

function newestRuns(scope: ReportScope, module: string): Run[] {
  return byStart(scope.reader.runs(module, MOST_RUNS).filter(run => isWithin(run, scope)));
}

/** They come in the order of their recording: the clock may have gone back in between. */
function byStart(runs: Run[]): Run[] {
  return runs.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}

function isWithin({ startedAt }: Run, { fromMs, toMs }: ReportScope): boolean {
  const ms = Date.parse(startedAt);
  return ms >= fromMs && ms < toMs;
}

function countsOf(counted: readonly [Outcome, number][]): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOMES.map(outcome => [outcome, 0])) as Record<Outcome, number>;
  for (const [outcome, count] of counted) counts[outcome] += count;
  return counts;
}

function cpuHoursOf(runs: readonly Run[]): number | null {
  const measured = runs.flatMap(({ cpuSeconds }) => (cpuSeconds === null ? [] : [cpuSeconds]));
  return measured.length === 0 ? null : measured.reduce((sum, seconds) => sum + seconds, 0) / 3600;
}

function rolledCpuHours(
  { reader, fromMs, toMs }: ReportScope,
  module: string,
  bucket: Bucket,
): number | null {
  const rolled = reader.rollups(module, 'cpuSeconds', {}, bucket, { sinceMs: fromMs, untilMs: toMs });
  return rolled.length === 0 ? null : rolled.reduce((sum, { mean, count }) => sum + mean * count, 0) / 3600;
}

function revisionsOf(runs: readonly Run[]): RevisionMark[] {
  const seen = new Map<string, number>();
  for (const { revision, startedAt } of runs)
    if (revision !== null && !seen.has(revision)) seen.set(revision, Date.parse(startedAt));
  return [...seen].map(([revision, timeMs]) => ({ revision, timeMs, subject: null }));
}

function failureOf({ outcome, startedAt, reason }: Run): Failure[] {
  if (outcome === 'ok' || outcome === 'skipped') return [];
  return [{ timeMs: Date.parse(startedAt), outcome, reason }];
}
