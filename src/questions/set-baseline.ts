import type { KeptBaseline } from '../baseline/kept.ts';
import { givenBaseline, makeBaseline } from '../baseline/make-baseline.ts';
import { WatchkeeperError } from '../errors.ts';
import type { Point, Range } from '../glossary/history.ts';
import type { HistoryReader } from '../history-reader.ts';
import { isMetricName } from '../metric-name.ts';
import { metricsOf, modulesAsked } from './module-metrics.ts';

/** Either numbers, or runs to make them of: the newest ones, or those of a range of time. */
export interface BaselineRequest {
  module: string;
  /** By metric, in its own unit. */
  given?: Record<string, number>;
  /** So many of the newest `ok` runs. Default: 50. */
  runs?: number;
  fromMs?: number;
  toMs?: number;
  /** Only these metrics of the runs; default: all. */
  metrics?: readonly string[];
}

const DEFAULT_RUNS = 50;

/** More values than that tell nothing more, and have to be kept. */
const MOST_VALUES = 1_000;

/**
 * The baselines that a request asks for, ready to be kept: of each metric of the module one.
 *
 * @throws WatchkeeperError 'usage' where there are no such runs, or the numbers make no sense
 */
export function baselinesFor(reader: HistoryReader, request: BaselineRequest, nowMs: number): KeptBaseline[] {
  refuse(request);
  const { module, given = {} } = request;
  const kept = { module, setAt: new Date(nowMs).toISOString() };
  const numbers = Object.entries(given);
  if (numbers.length > 0) return numbers.map(([metric, value]) => ({ ...kept, ...givenOf(metric, value) }));
  modulesAsked(reader, module);
  const metrics = request.metrics ?? metricsOf(reader, module);
  const found = metrics.map(metric => ({ metric, points: reader.values(module, metric, rangeOf(request)) }));
  const filled = found.filter(({ points }) => points.length > 0);
  refuseEmpty(request, found);
  return filled.map(({ metric, points }) => ({ ...kept, ...madeOf(metric, points) }));
}

type Made = Omit<KeptBaseline, 'module' | 'setAt'>;

function refuse({ given = {}, runs, fromMs, toMs, metrics }: BaselineRequest): void {
  const isGiven = Object.keys(given).length > 0;
  const isRange = fromMs !== undefined || toMs !== undefined;
  if ([isGiven, runs !== undefined, isRange].filter(Boolean).length > 1)
    throw new WatchkeeperError('usage', 'give numbers, or so many runs, or a range of time: one of them');
  if (isGiven && metrics !== undefined)
    throw new WatchkeeperError(
      'usage',
      'numbers are given for their metrics: name metrics of runs, or give numbers',
    );
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw new WatchkeeperError('usage', 'the range ends before it begins');
  for (const [metric, value] of Object.entries(given)) refuseNumber(metric, value);
}

/** What is measured in these units is never below 0. */
const AMOUNT = /(?:Seconds|Mb|Percent)$/;

function refuseNumber(metric: string, value: number): void {
  if (!isMetricName(metric))
    throw new WatchkeeperError(
      'usage',
      `'${metric}' names no metric: at most 64 letters, digits, _ and ., beginning with a letter or _`,
    );
  if (AMOUNT.test(metric) && value < 0)
    throw new WatchkeeperError('usage', `${metric} is 0 or more, not ${value}`);
}

/** A name that was mistyped is not passed over beside others. */
function refuseEmpty(
  { module, metrics }: BaselineRequest,
  found: readonly { metric: string; points: readonly Point[] }[],
): void {
  const empty = found.filter(({ points }) => points.length === 0).map(({ metric }) => metric);
  const isEnough = metrics === undefined ? empty.length < found.length : empty.length === 0;
  if (isEnough) return;
  const asked = metrics === undefined ? '' : ` with ${empty.join(', ')}`;
  throw new WatchkeeperError(
    'usage',
    `${module} has no successful runs${asked} in that range: name another one`,
  );
}

function rangeOf({ runs, fromMs, toMs }: BaselineRequest): Range {
  if (fromMs === undefined && toMs === undefined) return { newest: runs ?? DEFAULT_RUNS };
  return {
    newest: MOST_VALUES,
    ...(fromMs === undefined ? {} : { sinceMs: fromMs }),
    ...(toMs === undefined ? {} : { untilMs: toMs }),
  };
}

function givenOf(metric: string, value: number): Made {
  return { ...givenBaseline(value), metric, source: 'given as a number', values: [], timesMs: [] };
}

function madeOf(metric: string, points: readonly Point[]): Made {
  const values = points.map(({ value }) => value);
  const timesMs = points.map(({ timeMs }) => timeMs);
  const baseline = makeBaseline(values, { timesMs });
  const left = new Set(baseline.outliers.map(({ index }) => index));
  const used = points.filter((_, index) => !left.has(index)).slice(-MOST_VALUES);
  return {
    ...baseline,
    metric,
    source: `${points.length} run(s) from ${minute(timesMs[0])} to ${minute(timesMs.at(-1))} UTC`,
    values: used.map(({ value }) => value),
    timesMs: used.map(({ timeMs }) => timeMs),
  };
}

/** `2026-11-20 12:00` */
function minute(ms = 0): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
