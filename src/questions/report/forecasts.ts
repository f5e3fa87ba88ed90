import { SYSTEM_SOURCE } from '../../metric-name.ts';
import type { Forecast, MetricReport, ReportData, Series } from '../../report/data.ts';
import { figuresOf } from '../../report/figures.ts';
import type { Point } from '../../types.ts';
import { forecastFrom } from '../forecast.ts';
import type { ReportScope } from './scope.ts';

/** The time that a report is about. */
type Time = Pick<ReportScope, 'fromMs' | 'toMs'>;

/** A forecast goes so far ahead, of how far the report looks back. */
const AHEAD = 1 / 4;
/** So many metrics are forecast: each takes a tenth of a second or two. */
const MOST = 3;
/** What its trend does not bring to its limit in this time is nobody's concern today. */
const SOON_DAYS = 90;

/**
 * How what a chart shows goes on, and when it reaches its limit.
 *
 * @returns null where there are too few values for an interval, or where the forecast would have ended by now
 */
function forecastOf(source: string, { metric, series, limit }: MetricReport, time: Time): Forecast | null {
  const points = pointsOf(series, time);
  if (points.length === 0) return null;
  const asked = { aheadMs: (time.toMs - time.fromMs) * AHEAD, ...(limit && { reaches: limit.value }) };
  const answer = forecastFrom(points, { source, metric, labels: null }, asked, time.toMs);
  const { steps, reaches, model, level, words } = answer;
  const timesMs = steps.map(step => Date.parse(step.time));
  const [low, high] = [known(steps.map(step => step.low)), known(steps.map(step => step.high))];
  if (low === null || high === null || (timesMs.at(-1) ?? 0) <= time.toMs) return null;
  const expected = reaches?.expected ?? null;
  return {
    ...{ method: model, timesMs, values: steps.map(({ value }) => value), low, high, level },
    words: words.join(' '),
    reachesLimitMs: expected === null ? null : Date.parse(expected),
  };
}

function known(values: readonly (number | null)[]): number[] | null {
  const all = values.filter(value => value !== null);
  return all.length === values.length ? all : null;
}

/** The mean of a bucket stands at its end, or at that of the report. */
function pointsOf(series: Series, { toMs }: Time): Pick<Point, 'timeMs' | 'value'>[] {
  const { timesMs } = series;
  const [values, width] =
    series.kind === 'values' ? [series.values, 0] : ([series.mean, series.bucketMs] as const);
  return timesMs.map((timeMs, index) => ({
    timeMs: Math.min(timeMs + width, Math.max(timeMs, toMs)),
    value: values[index] ?? Number.NaN,
  }));
}

/** What a report shows of the machine and of the modules. */
type Shown = Pick<ReportData, 'system' | 'modules'>;

/**
 * The same with forecasts of those metrics for which they mean something: of a metric with a limit, and of a module's memory, whose trend
 * alone would bring it there (memory without a limit: to twice as much) within 90 days. Three at most, those that are there first.
 */
export function withForecasts({ system, modules }: Shown, time: Time): Shown {
  const soon = [...system, ...modules.flatMap(({ metrics }) => metrics)]
    .map(report => ({ report, days: daysToLimit(report) }))
    .filter(({ days }) => days <= SOON_DAYS)
    .sort((a, b) => a.days - b.days)
    .slice(0, MOST);
  const chosen = new Set(soon.map(({ report }) => report));
  const ahead = (source: string, reports: readonly MetricReport[]): MetricReport[] =>
    reports.map(report =>
      chosen.has(report) ? { ...report, forecast: forecastOf(source, report, time) } : report,
    );
  return {
    system: ahead(SYSTEM_SOURCE, system),
    modules: modules.map(module => ({ ...module, metrics: ahead(module.name, module.metrics) })),
  };
}

/** As its trend goes on; infinite where it does not go there. */
function daysToLimit(report: MetricReport): number {
  const figures = figuresOf(report);
  const { metric, limit, trend } = report;
  if (figures === null || trend === null || trend.direction === 'steady') return Number.POSITIVE_INFINITY;
  const typical = figures.median ?? figures.mean;
  const end = limit?.value ?? (metric === 'memoryMb' ? 2 * typical : null);
  const days = end === null ? Number.NaN : (end - typical) / trend.slopePerDay;
  return days >= 0 ? days : Number.POSITIVE_INFINITY;
}
