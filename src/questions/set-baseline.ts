import type { KeptBaseline } from '../baseline/kept.ts';
import { givenBaseline, makeBaseline } from '../baseline/make-baseline.ts';
import { WatchkeeperError } from '../errors.ts';
import type { Point, Range } from '../types.ts';
import { metricsOf, modulesAsked } from './module-metrics.ts';
import type { HistoryReader } from './reader.ts';

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
  const { module, given = {} } = request;
  refuse(request);
  const kept = { module, setAt: new Date(nowMs).toISOString() };
  if (Object.keys(given).length > 0) {
    return Object.entries(given).map(([metric, value]) => {
      const source = 'given as a number';
      return { ...kept, metric, source, values: [], timesMs: [], ...givenBaseline(value) };
    });
  }
  modulesAsked(reader, module);
  const metrics = request.metrics ?? metricsOf(reader, module);
  const made = metrics.flatMap(metric => {
    const points = reader.values(module, metric, rangeOf(request));
    return points.length === 0 ? [] : [{ ...kept, ...madeOf(metric, points) }];
  });
  if (made.length > 0) return made;
  const asked = request.metrics === undefined ? '' : ` with ${request.metrics.join(', ')}`;
  throw new WatchkeeperError(
    'usage',
    `${module} has no successful runs${asked} in that range: name another one`,
  );
}

function refuse({ given, runs, fromMs, toMs }: BaselineRequest): void {
  const isGiven = Object.keys(given ?? {}).length > 0;
  const isRange = fromMs !== undefined || toMs !== undefined;
  if ([isGiven, runs !== undefined, isRange].filter(Boolean).length > 1)
    throw new WatchkeeperError('usage', 'give numbers, or so many runs, or a range of time: one of them');
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw new WatchkeeperError('usage', 'the range ends before it begins');
}

function rangeOf({ runs, fromMs, toMs }: BaselineRequest): Range {
  if (fromMs === undefined && toMs === undefined) return { newest: runs ?? DEFAULT_RUNS };
  return {
    newest: MOST_VALUES,
    ...(fromMs === undefined ? {} : { sinceMs: fromMs }),
    ...(toMs === undefined ? {} : { untilMs: toMs }),
  };
}

function madeOf(metric: string, points: readonly Point[]): Omit<KeptBaseline, 'module' | 'setAt'> {
  const timesMs = points.map(({ timeMs }) => timeMs);
  const baseline = makeBaseline(
    points.map(({ value }) => value),
    { timesMs },
  );
  const left = new Set(baseline.outliers.map(({ index }) => index));
  const used = points.filter((_, index) => !left.has(index)).slice(-MOST_VALUES);
  const day = (ms: number | undefined): string =>
    new Date(ms ?? 0).toISOString().slice(0, 16).replace('T', ' ');
  return {
    ...baseline,
    metric,
    source: `${points.length} run(s) from ${day(timesMs[0])} to ${day(timesMs.at(-1))}`,
    values: used.map(({ value }) => value),
    timesMs: used.map(({ timeMs }) => timeMs),
  };
}
