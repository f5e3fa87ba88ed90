import { WatchkeeperError } from '../errors.ts';
import type { Point, Range } from '../types.ts';
import { type MetricName, metricText } from './metric-name.ts';
import type { HistoryReader } from './reader.ts';

const HALF_HOUR_MS = 1_800_000;

/**
 * The values of a metric in a range, oldest first: of a module one a run; of anything else its samples, and before those that are still
 * kept the means of its hours, each in the middle of its hour.
 *
 * @throws WatchkeeperError 'usage' where nothing of that name was ever recorded: the message says what there is
 */
export function pointsOf(reader: HistoryReader, name: MetricName, range: Range): Point[] {
  const { source, metric, labels } = name;
  const ofRuns = labels === null ? reader.values(source, metric, range) : [];
  if (ofRuns.length > 0) return ofRuns;
  const samples = reader.samples(source, metric, labels, range);
  const firstMs = samples[0]?.timeMs ?? Number.POSITIVE_INFINITY;
  const hours = reader
    .rollups(source, metric, labels, 'hour', range)
    .map(({ startMs, mean }) => ({ timeMs: startMs + HALF_HOUR_MS, value: mean, revision: null }))
    .filter(({ timeMs }) => timeMs < firstMs);
  const points = [...hours, ...samples].slice(-(range.newest ?? Number.MAX_SAFE_INTEGER));
  if (points.length === 0) requireKnown(reader, name);
  return points;
}

/** @throws WatchkeeperError 'usage' where nothing of that name was ever recorded */
function requireKnown(reader: HistoryReader, name: MetricName): void {
  const { source, metric } = name;
  if (reader.values(source, metric, { newest: 1 }).length > 0) return;
  const known = reader.seriesNames();
  if (known.some(each => each.source === source && each.metric === metric && name.labels === null)) return;
  const ofSource = [...new Set(known.filter(each => each.source === source).map(each => each.metric))];
  const hint =
    ofSource.length > 0
      ? `${source} has ${ofSource.join(', ')}`
      : `there are metrics of ${[...new Set([...known.map(each => each.source), ...reader.moduleNames()])].join(', ') || 'nothing yet'}`;
  throw new WatchkeeperError('usage', `nothing is recorded of ${metricText(name)}: ${hint}`);
}
