import { WatchkeeperError } from '../errors.ts';
import type { HistoryReader } from '../history-reader.ts';
import { KNOWN_METRICS } from '../judge/values.ts';
import { type MetricName, metricText, parseMetricName } from '../metric-name.ts';
import type { Bucket, Window } from '../trend/buckets.ts';
import { type Trend, trendOf } from '../trend/trend.ts';
import { metricsOf, runsText } from './module-metrics.ts';
import { labelsMeant, pointsOf } from './series.ts';

export interface TrendsQuestion {
  /** A module, `system`, or one metric: `MODULE.METRIC`. */
  of: string;
  /** Default: 7 days; at most 36500. */
  windowMs?: number;
  /** Default: the widest of 1 s, 10 s, 1 min, 10 min, 1 h, 1 day and 7 days of which at least 24 go into the window. */
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
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 36_500 * DAY_MS;

/** Widest first. */
const USUAL_MS = [7 * DAY_MS, DAY_MS, HOUR_MS, 600_000, 60_000, 10_000];
const SHORTEST_MS = 1_000;
const FEWEST_POINTS = 24;

/** Of a metric so many series are told apart by their labels. */
const MOST_SERIES = 10;

/** Of a window that holds more values than that, the hours' roll-ups are taken. */
const MOST_VALUES = 20_000;

/**
 * How metrics went over a window of time: bucket by bucket, and whether they rise or fall.
 *
 * @throws WatchkeeperError 'usage' where there is no such module or metric, or window and bucket make no sense
 */
export function trends(reader: HistoryReader, question: TrendsQuestion, nowMs: number): TrendsAnswer {
  const { of, windowMs = 7 * DAY_MS, bucketMs = usualBucket(windowMs) } = question;
  if (!(windowMs > 0 && windowMs <= LONGEST_MS && bucketMs > 0 && bucketMs <= LONGEST_MS))
    throw new WatchkeeperError('usage', 'window and bucket are more than 0 and at most 36500d');
  const window = { fromMs: nowMs - windowMs, toMs: nowMs + 1, bucketMs };
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(nowMs).toISOString(),
    bucketSeconds: bucketMs / 1000,
    trends: trendsOf(reader, of, window),
  };
}

/** Enough points to see a course in them; of a week they are its hours. */
function usualBucket(windowMs: number): number {
  return USUAL_MS.find(each => windowMs >= FEWEST_POINTS * each) ?? SHORTEST_MS;
}

/** Of a module first the metrics of its runs, then the samples that it, or somebody for it, has reported in the window. */
function trendsOf(reader: HistoryReader, of: string, window: Window): MetricTrend[] {
  const name = parseMetricName(of);
  if (name !== null) return [trendIn(reader, name, window)];
  const isModule = reader.moduleNames().includes(of);
  const metrics = isModule ? metricsOf(reader, of) : [];
  const ofRuns = metrics.map(metric => trendIn(reader, { source: of, metric, labels: null }, window));
  // Those of every run are kept of runs, also where the newest of them have no value.
  const isOfRuns = (metric: string): boolean =>
    isModule && (metrics.includes(metric) || KNOWN_METRICS.has(metric));
  const reported = sampledOf(reader, of, isOfRuns).map(sampled => trendIn(reader, sampled, window));
  const found = [...ofRuns, ...(isModule ? reported.filter(({ count }) => count > 0) : reported)];
  if (found.length > 0) return found;
  throw isModule
    ? new WatchkeeperError('usage', `${of} has no metrics yet: none of its runs has succeeded`)
    : unknownSource(reader, of);
}

function unknownSource(reader: HistoryReader, of: string): WatchkeeperError {
  const modules = reader.moduleNames();
  const sampled = [...new Set(reader.seriesNames().map(({ source }) => source))];
  const others = sampled.filter(source => !modules.includes(source));
  const samples = others.length === 0 ? 'there are none' : `those are of ${others.join(', ')}`;
  return new WatchkeeperError(
    'usage',
    `no run of '${of}' is recorded: ${runsText(modules)}; and no sample: ${samples}`,
  );
}

function trendIn(reader: HistoryReader, name: MetricName, window: Window): MetricTrend {
  const { values, timesMs, count } = valuesIn(reader, name, window);
  return { metric: metricText(name), count, ...trendOf(values, timesMs, window) };
}

/**
 * The series of a source, but for those of its runs. Of a metric with and without labels the one without is meant, as with `system.cpuPercent`;
 * of one with few sets of labels each by itself; of one with many all together.
 */
function sampledOf(
  reader: HistoryReader,
  source: string,
  isOfRuns: (metric: string) => boolean,
): MetricName[] {
  const names = reader
    .seriesNames(source)
    .filter(({ metric, labels }) => !(isOfRuns(metric) && hasNoLabels(labels)));
  return [...Map.groupBy(names, ({ metric }) => metric)].flatMap(([metric, series]): MetricName[] => {
    if (series.some(({ labels }) => hasNoLabels(labels))) return [{ source, metric, labels: {} }];
    return series.length <= MOST_SERIES ? series : [{ source, metric, labels: null }];
  });
}

const hasNoLabels = (labels: Record<string, string>): boolean => Object.keys(labels).length === 0;

interface Valued {
  values: number[];
  timesMs: number[];
  /** Of the values themselves, also where those of a whole hour are told by one. */
  count: number;
}

/** Of a long window the medians of its hours: as good for buckets of an hour and more, and read at once. */
function valuesIn(reader: HistoryReader, name: MetricName, { fromMs, toMs, bucketMs }: Window): Valued {
  const range = { sinceMs: fromMs, untilMs: toMs - 1 };
  const labels = labelsMeant(reader, name);
  const hours = bucketMs < HOUR_MS ? [] : reader.rollups(name.source, name.metric, labels, 'hour', range);
  const count = hours.reduce((sum, each) => sum + each.count, 0);
  if (count > MOST_VALUES)
    return { values: hours.map(each => each.p50), timesMs: hours.map(each => each.startMs), count };
  const points = pointsOf(reader, name, range);
  return {
    values: points.map(({ value }) => value),
    timesMs: points.map(({ timeMs }) => timeMs),
    count: points.length,
  };
}
