import { BUCKET_MS } from '../buckets.ts';
import { WatchkeeperError } from '../errors.ts';
import type { Point, Range, Rollup, SeriesName } from '../glossary/history.ts';
import type { HistoryReader } from '../history-reader.ts';
import { labelsKey } from '../labels.ts';
import { type MetricName, metricText } from '../metric-name.ts';
import { metricsOf } from './module-metrics.ts';

/** So many series of a metric are named where none is the one that was asked for. */
const MOST_NAMED = 10;

/**
 * The values of a metric in a range, oldest first: of a module one a run; of anything else its samples, and before those that are still
 * kept the mean of each hour, in the middle of it.
 *
 * @throws WatchkeeperError 'usage' where nothing of that name was ever recorded: the message says what there is
 */
export function pointsOf(reader: HistoryReader, name: MetricName, range: Range): Point[] {
  const { source, metric } = name;
  const ofRuns = hasNoLabels(name.labels ?? {}) ? reader.values(source, metric, range) : [];
  if (ofRuns.length > 0) return ofRuns;
  const labels = labelsMeant(reader, name);
  const newest = range.newest ?? Number.MAX_SAFE_INTEGER;
  const samples = reader.samples(source, metric, labels, range);
  const hours = samples.length >= newest ? [] : reader.rollups(source, metric, labels, 'hour', range);
  const points = [...hours.flatMap(hour => meanBefore(samples, hour)), ...samples].slice(-newest);
  if (points.length === 0) requireKnown(reader, name);
  return points;
}

/** The mean of what an hour held before the samples that are still kept, in the middle of that time. */
function meanBefore(samples: readonly Point[], { startMs, count, mean }: Rollup): Point[] {
  const endMs = startMs + BUCKET_MS.hour;
  const untilMs = Math.min(endMs, samples[0]?.timeMs ?? endMs);
  if (untilMs <= startMs) return [];
  const kept = untilMs === endMs ? [] : samples.filter(({ timeMs }) => timeMs < endMs);
  if (kept.length >= count) return [];
  const keptSum = kept.reduce((sum, { value }) => sum + value, 0);
  const value = (mean * count - keptSum) / (count - kept.length);
  return [{ timeMs: (startMs + untilMs) / 2, value, revision: null }];
}

/**
 * The labels of the series that a name means: without labels the one that has none, such as the CPU of all cores beside that of each;
 * where there is no such series, all of the metric (null).
 */
export function labelsMeant(
  reader: HistoryReader,
  { source, metric, labels }: MetricName,
): Record<string, string> | null {
  if (labels !== null) return labels;
  const known = reader.seriesNames(source).filter(each => each.metric === metric);
  return known.some(each => hasNoLabels(each.labels)) ? {} : null;
}

const hasNoLabels = (labels: Record<string, string>): boolean => Object.keys(labels).length === 0;

/** @throws WatchkeeperError 'usage' where nothing of that name was ever recorded */
function requireKnown(reader: HistoryReader, name: MetricName): void {
  const { source, metric } = name;
  const known = reader.seriesNames(source);
  if (known.some(each => isMeant(each, name)) || metricsOf(reader, source).includes(metric)) return;
  const ofMetric = known
    .filter(each => each.metric === metric)
    .slice(0, MOST_NAMED)
    .map(metricText);
  const metrics = [...new Set(known.map(each => each.metric))];
  const hint =
    ofMetric.length > 0
      ? `there is ${ofMetric.join(', ')}`
      : metrics.length > 0
        ? `${source} has ${metrics.join(', ')}`
        : `there are metrics of ${sourcesOf(reader).join(', ') || 'nothing yet'}`;
  throw new WatchkeeperError('usage', `nothing is recorded of ${metricText(name)}: ${hint}`);
}

function isMeant({ metric, labels }: SeriesName, name: MetricName): boolean {
  return metric === name.metric && (name.labels === null || labelsKey(labels) === labelsKey(name.labels));
}

function sourcesOf(reader: HistoryReader): string[] {
  return [...new Set([...reader.moduleNames(), ...reader.seriesNames().map(({ source }) => source)])];
}
