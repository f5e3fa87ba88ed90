import { BUCKET_MS } from '../../buckets.ts';
import type { Range, Rollup } from '../../glossary/history.ts';
import { SYSTEM_SOURCE } from '../../metric-name.ts';
import type { MetricReport, Series, SystemFigures } from '../../report/data.ts';
import { memoryTotalMb } from '../machine-memory.ts';
import { chartForecast } from './forecasts.ts';
import { rolledSeries, trendIn, valuesOf } from './metric.ts';
import type { ReportScope } from './scope.ts';

/** What is drawn of the machine, in this order. */
const SHOWN = [
  'cpuPercent',
  'memoryUsedMb',
  'diskFreeMb',
  'load1',
  'diskReadMbPerSecond',
  'diskWrittenMbPerSecond',
  'networkReceivedMbPerSecond',
  'networkSentMbPerSecond',
];

/** The line of so few hours would be some points: then single samples are drawn, where they are still kept. */
const FEW_HOURS = 6;

/** The machine's metrics without labels; none where no sampler ran. Of what can run out also the trend. */
export function systemReports(scope: ReportScope): MetricReport[] {
  return SHOWN.flatMap(metric => {
    const rolled = rolledOf(scope, metric);
    if (rolled.length === 0) return [];
    const limit = limitOf(scope, metric);
    const trend = limit === null ? null : trendIn(metric, [], rolled, scope);
    const forecast = chartForecast(scope.forecasts.get(`${SYSTEM_SOURCE}.${metric}`), scope);
    const series = seriesOf(scope, metric, rolled);
    const nothing = { figures: null, baseline: null, regression: null, anomalies: [], changes: [] };
    return [{ metric, series, limit, trend, forecast, ...nothing }];
  });
}

/** By the hour, or, where those of the whole time are still there, as in the first or of the newest hour, the samples. */
function seriesOf({ reader, fromMs, toMs }: ReportScope, metric: string, rolled: readonly Rollup[]): Series {
  const hours = rolledSeries(rolled, BUCKET_MS.hour);
  if (rolled.length > FEW_HOURS) return hours;
  const range = { sinceMs: fromMs - BUCKET_MS.hour, untilMs: toMs };
  const samples = reader.samples(SYSTEM_SOURCE, metric, {}, range);
  const missingMs = (samples[0]?.timeMs ?? toMs) - fromMs;
  const isWhole = missingMs <= (toMs - fromMs) / 20 || samples.length >= countOf(rolled);
  const shown = samples.filter(({ timeMs }) => timeMs >= fromMs);
  return isWhole && shown.length > 0 ? valuesOf(shown) : hours;
}

function limitOf(scope: ReportScope, metric: string): MetricReport['limit'] {
  if (metric === 'diskFreeMb') return { value: 0, name: 'full' };
  const totalMb = metric === 'memoryUsedMb' ? memoryTotalMb(scope.reader, rangeOf(scope)) : null;
  return totalMb === null ? null : { value: totalMb, name: 'all there is' };
}

export function systemFigures(scope: ReportScope): SystemFigures {
  return {
    cpuPercent: meanAndMax(rolledOf(scope, 'cpuPercent')),
    memoryUsedMb: meanAndMax(rolledOf(scope, 'memoryUsedMb')),
    memoryTotalMb: memoryTotalMb(scope.reader, rangeOf(scope)),
    diskFreeMb: rolledOf(scope, 'diskFreeMb').at(-1)?.min ?? null,
    diskTotalMb: diskTotalOf(rolledOf(scope, 'diskFreeMb'), rolledOf(scope, 'diskUsedPercent')),
  };
}

/**
 * How large the disk is, of what is free and which share is used: both have the mean of the same looks. As `df` counts that share, without
 * what is kept for the superuser. The newest hour in which something was free tells it: of a full disk the two say nothing.
 */
function diskTotalOf(free: readonly Rollup[], usedPercent: readonly Rollup[]): number | null {
  const usedIn = new Map(usedPercent.map(({ startMs, mean }) => [startMs, mean]));
  const totals = free.map(({ startMs, mean }) => mean / (1 - (usedIn.get(startMs) ?? 100) / 100));
  return totals.findLast(total => total > 0 && Number.isFinite(total)) ?? null;
}

function rolledOf(scope: ReportScope, metric: string): Rollup[] {
  return scope.reader.rollups(SYSTEM_SOURCE, metric, {}, 'hour', rangeOf(scope));
}

/** With the hour that the time begins in. */
function rangeOf({ fromMs, toMs }: ReportScope): Range {
  return { sinceMs: fromMs - BUCKET_MS.hour, untilMs: toMs };
}

function meanAndMax(rolled: readonly Rollup[]): { mean: number; max: number } | null {
  const count = countOf(rolled);
  if (count === 0) return null;
  const mean = rolled.reduce((sum, each) => sum + each.mean * each.count, 0) / count;
  return { mean, max: Math.max(...rolled.map(each => each.max)) };
}

function countOf(rolled: readonly Rollup[]): number {
  return rolled.reduce((sum, each) => sum + each.count, 0);
}
