import { BUCKET_MS } from '../buckets.ts';
import type { HistoryReader } from '../history-reader.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';
import type { CapacityForecast } from '../recommend/facts.ts';
import { trendOf } from '../trend/trend.ts';
import type { Point, Rollup, Run } from '../types.ts';
import { type ForecastAnswer, forecast } from './forecast.ts';

const DAY_MS = 86_400_000;
/** So far ahead a limit is looked for. */
const AHEAD_DAYS = 30;
/** So many hours of the machine say whether it goes there at all. */
const HOURS = 720;
/** A trend's steps in that time. */
const STEPS = 168;
/** Beside the disk so many metrics are forecast, each in a tenth of a second or two: those that are there first as their trend goes on. */
const MOST = 2;

export interface TimedModule {
  name: string;
  timeoutSeconds: number;
  runs: readonly Run[];
}

/** What must not be reached. */
interface Limit extends Pick<CapacityForecast, 'metric' | 'module' | 'limit' | 'limitName'> {}

/** How something that can run out goes on. */
export interface Capacity extends Limit {
  answer: ForecastAnswer;
}

/**
 * What can run out, and how it goes on for 30 days: the free space on the disk, and, where their trend goes there in that time, the machine's
 * memory and runtimes with a timeout.
 *
 * @param timed modules with a timeout, and the runs that tell their trend
 */
export function capacitiesAhead(
  reader: HistoryReader,
  timed: readonly TimedModule[],
  nowMs: number,
): Capacity[] {
  const nearest = [...memoryLimits(reader, nowMs), ...timed.map(timeoutLimit)]
    .map(({ points, ...limit }) => ({ limit, days: daysTo(limit.limit, points, nowMs) }))
    .filter(({ days }) => days <= AHEAD_DAYS)
    .sort((a, b) => a.days - b.days)
    .slice(0, MOST);
  const limits = [...diskLimits(reader, nowMs), ...nearest.map(({ limit }) => limit)];
  return limits.map(limit => {
    const asked = { metric: limit.metric, aheadMs: AHEAD_DAYS * DAY_MS, reaches: limit.limit };
    return { ...limit, answer: forecast(reader, asked, nowMs) };
  });
}

/** Of these the limits that are reached, if all goes on as it does. */
export function reachedOf(capacities: readonly Capacity[]): CapacityForecast[] {
  return capacities.flatMap(({ answer: { reaches, beatsNaive, from }, ...limit }) => {
    const expected = reaches?.expected ?? null;
    if (expected === null || beatsNaive !== true) return [];
    const sure = reaches?.latest === null ? 0.5 : 0.95;
    return [{ ...limit, reachedAtMs: Date.parse(expected), sure, values: from.points }];
  });
}

type Near = Limit & { points: Pick<Point, 'timeMs' | 'value'>[] };

function diskLimits(reader: HistoryReader, nowMs: number): Limit[] {
  const metric = 'diskFreeMb';
  if (!isSampled(reader, metric, nowMs)) return [];
  return [{ metric: `${SYSTEM_SOURCE}.${metric}`, module: null, limit: 0, limitName: 'an empty disk' }];
}

function memoryLimits(reader: HistoryReader, nowMs: number): Near[] {
  const range = { untilMs: nowMs - BUCKET_MS.hour, newest: HOURS };
  const hoursOf = (metric: string): Rollup[] => reader.rollups(SYSTEM_SOURCE, metric, {}, 'hour', range);
  const used = hoursOf('memoryUsedMb');
  const [last, available] = [used.at(-1), hoursOf('memoryAvailableMb').at(-1)];
  if (last === undefined || available === undefined) return [];
  const points = used.map(({ startMs, mean }) => ({ timeMs: startMs, value: mean }));
  const limit = last.mean + available.mean;
  return [
    {
      ...{ metric: `${SYSTEM_SOURCE}.memoryUsedMb`, module: null, limit },
      ...{ limitName: 'all memory there is', points },
    },
  ];
}

function timeoutLimit({ name, timeoutSeconds, runs }: TimedModule): Near {
  return {
    ...{ metric: `${name}.runtimeSeconds`, module: name, limit: timeoutSeconds, limitName: 'its timeout' },
    points: runs.flatMap(({ outcome, startedAt, runtimeSeconds }) =>
      outcome === 'ok' && runtimeSeconds !== null
        ? [{ timeMs: Date.parse(startedAt), value: runtimeSeconds }]
        : [],
    ),
  };
}

/** How long it takes a rising trend to get there; infinite where there is none. */
function daysTo(limit: number, given: Near['points'], nowMs: number): number {
  const points = given.filter(({ timeMs }) => timeMs <= nowMs);
  const times = points.map(({ timeMs }) => timeMs);
  if (times.length === 0) return Number.POSITIVE_INFINITY;
  const [fromMs, toMs] = [times.reduce((a, b) => Math.min(a, b)), nowMs + 1];
  const bucketMs = Math.max(1_000, Math.ceil((toMs - fromMs) / STEPS));
  const window = { fromMs, toMs, bucketMs };
  const found = trendOf(
    points.map(({ value }) => value),
    times,
    window,
  );
  if (found.direction !== 'rising' || found.slopePerDay === null) return Number.POSITIVE_INFINITY;
  const level = found.buckets.findLast(({ p50 }) => p50 !== null)?.p50 ?? 0;
  return Math.max(0, limit - level) / found.slopePerDay;
}

/** Whether the machine's metric has a value by now: a clock that was ahead may have left some after it. */
function isSampled(reader: HistoryReader, metric: string, nowMs: number): boolean {
  const samples = reader.samples(SYSTEM_SOURCE, metric, {}, { untilMs: nowMs, newest: 1 });
  if (samples.length > 0) return true;
  const ended = { untilMs: nowMs - BUCKET_MS.hour, newest: 1 };
  return reader.rollups(SYSTEM_SOURCE, metric, {}, 'hour', ended).length > 0;
}
