import { WatchkeeperError } from '../errors.ts';
import type { Bucket } from '../trend/buckets.ts';
import { type Trend, trendOf } from '../trend/trend.ts';
import { parseMetricName } from './metric-name.ts';
import { metricsOf, modulesAsked } from './module-metrics.ts';
import type { HistoryReader } from './reader.ts';
import { pointsOf } from './series.ts';

export interface TrendsQuestion {
  /** A module, `system`, or one metric: `MODULE.METRIC`. */
  of: string;
  /** Default: 7 days. */
  windowMs?: number;
  /** Default: 1 h. */
  bucketMs?: number;
}

/** How one metric went over the window. */
export interface MetricTrend extends Omit<Trend, 'buckets'> {
  metric: string;
  count: number;
  /** Of all values in the window. */
  buckets: Bucket[];
}

export interface TrendsAnswer {
  from: string;
  to: string;
  bucketSeconds: number;
  trends: MetricTrend[];
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** Of a window that holds more values than that, the hours' roll-ups are taken. */
const MOST_VALUES = 20_000;

/**
 * How metrics went over a window of time: bucket by bucket, and whether they rise or fall.
 *
 * @throws WatchkeeperError 'usage' where there is no such module or metric, or window and bucket make no sense
 */
export function trends(reader: HistoryReader, question: TrendsQuestion, nowMs: number): TrendsAnswer {
  const { of, windowMs = WEEK_MS, bucketMs = HOUR_MS } = question;
  const window = { fromMs: nowMs - windowMs, toMs: nowMs + 1, bucketMs };
  const found = metricsAsked(reader, of).map(({ source, metric, labels }) => {
    const { values, timesMs } = valuesIn(reader, { source, metric, labels }, window);
    const trend = trendOf(values, timesMs, window);
    return { metric: `${source}.${metric}`, count: values.length, ...trend };
  });
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(nowMs).toISOString(),
    bucketSeconds: bucketMs / 1000,
    trends: found,
  };
}

interface Asked {
  source: string;
  metric: string;
  labels: Record<string, string> | null;
}

function metricsAsked(reader: HistoryReader, of: string): Asked[] {
  const name = parseMetricName(of);
  if (name !== null) return [name];
  const others = reader.seriesNames(of).map(({ metric }) => metric);
  const own = reader.moduleNames().includes(of) ? metricsOf(reader, of) : [...new Set(others)];
  if (own.length === 0) modulesAsked(reader, of); // throws, with what there is
  if (own.length === 0) throw new WatchkeeperError('usage', `${of} has no metrics yet`);
  return own.map(metric => ({ source: of, metric, labels: null }));
}

/** Of a long window the medians of its hours: as good for buckets of an hour and more, and read at once. */
function valuesIn(
  reader: HistoryReader,
  name: Asked,
  { fromMs, toMs, bucketMs }: { fromMs: number; toMs: number; bucketMs: number },
): { values: number[]; timesMs: number[] } {
  const { source, metric, labels } = name;
  const range = { sinceMs: fromMs, untilMs: toMs };
  const hours = bucketMs < HOUR_MS ? [] : reader.rollups(source, metric, labels, 'hour', range);
  const total = hours.reduce((sum, { count }) => sum + count, 0);
  if (total > MOST_VALUES)
    return { values: hours.map(each => each.p50), timesMs: hours.map(each => each.startMs) };
  const points = pointsOf(reader, name, range);
  return { values: points.map(({ value }) => value), timesMs: points.map(({ timeMs }) => timeMs) };
}
