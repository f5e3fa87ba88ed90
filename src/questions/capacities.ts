import { BUCKET_MS } from '../buckets.ts';
import type { Point } from '../glossary/history.ts';
import type { Run } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';
import type { CapacityForecast } from '../recommend/facts.ts';
import { trendOf } from '../trend/trend.ts';
import { type ForecastAnswer, forecastFrom } from './forecast.ts';

const DAY_MS = 86_400_000;
/** So far ahead a limit is looked for, from as much of the past. */
const AHEAD_DAYS = 30;
const HOURS = 24 * AHEAD_DAYS;
/** A trend's steps in its time. */
const STEPS = 168;
/** Beside the disk so many metrics are forecast, each in a tenth of a second or so: those that are there first as their trend goes on. */
const MOST = 2;

export interface TimedModule {
  name: string;
  timeoutSeconds: number;
  /** The newest ones: they tell the trend. */
  runs: readonly Run[];
}

/** What must not be reached. */
interface Limit extends Pick<CapacityForecast, 'module' | 'limit' | 'limitName'> {
  source: string;
  metric: string;
}

/** How something that can run out goes on. */
export interface Capacity extends Limit {
  answer: ForecastAnswer;
}

type Valued = Pick<Point, 'timeMs' | 'value'>;

/**
 * What can run out, and how it goes on for 30 days: the free space on the disk, and, where their trend goes there in that time, the machine's
 * memory and runtimes with a timeout.
 */
export function capacitiesAhead(
  reader: HistoryReader,
  timed: readonly TimedModule[],
  nowMs: number,
): Capacity[] {
  const memory = memoryLimit(reader, nowMs);
  const nearest = [...(memory === null ? [] : [memory]), ...timed.map(timeoutLimit)]
    .map(({ points, ...limit }) => ({ limit, days: daysTo(limit.limit, points, nowMs) }))
    .filter(({ days }) => days <= AHEAD_DAYS)
    .sort((a, b) => a.days - b.days)
    .slice(0, MOST);
  return [DISK, ...nearest.map(({ limit }) => limit)].flatMap(limit => {
    const hours = hoursOf(reader, limit.source, limit.metric, nowMs);
    if (hours.length === 0) return [];
    const { source, metric, limit: reaches } = limit;
    const asked = { aheadMs: AHEAD_DAYS * DAY_MS, reaches };
    return [{ ...limit, answer: forecastFrom(hours, { source, metric, labels: null }, asked, nowMs) }];
  });
}

/** Of these the limits that are reached, if all goes on as it does. */
export function reachedOf(capacities: readonly Capacity[]): CapacityForecast[] {
  return capacities.flatMap(({ module, limit, limitName, answer }) => {
    const { metric, reaches, beatsNaive, from } = answer;
    const expected = reaches?.expected ?? null;
    if (expected === null || beatsNaive !== true) return [];
    const sure = reaches?.latest === null ? 0.5 : 0.95;
    const reachedAtMs = Date.parse(expected);
    return [{ metric, module, limit, limitName, reachedAtMs, sure, values: from.points }];
  });
}

const MACHINE = { source: SYSTEM_SOURCE, module: null };
const DISK: Limit = { ...MACHINE, metric: 'diskFreeMb', limit: 0, limitName: 'an empty disk' };

type Near = Limit & { points: readonly Valued[] };

/** Null where it was not sampled. */
function memoryLimit(reader: HistoryReader, nowMs: number): Near | null {
  const metric = 'memoryUsedMb';
  const points = hoursOf(reader, SYSTEM_SOURCE, metric, nowMs);
  const used = points.at(-1);
  const available = hoursOf(reader, SYSTEM_SOURCE, 'memoryAvailableMb', nowMs, 1).at(-1);
  if (used === undefined || available === undefined) return null;
  const limit = used.value + available.value;
  return { ...MACHINE, metric, limit, limitName: 'all memory there is', points };
}

function timeoutLimit({ name, timeoutSeconds, runs }: TimedModule): Near {
  return {
    ...{ source: name, module: name, metric: 'runtimeSeconds' },
    ...{ limit: timeoutSeconds, limitName: 'its timeout' },
    points: runs.flatMap(({ outcome, startedAt, runtimeSeconds }) =>
      outcome === 'ok' && runtimeSeconds !== null
        ? [{ timeMs: Date.parse(startedAt), value: runtimeSeconds }]
        : [],
    ),
  };
}

/** The mean of each hour, at its end; of the hour under way at this moment. */
function hoursOf(
  reader: HistoryReader,
  source: string,
  metric: string,
  nowMs: number,
  newest = HOURS,
): Valued[] {
  const hours = reader.rollups(source, metric, {}, 'hour', { untilMs: nowMs, newest });
  return hours.map(({ startMs, mean }) => ({
    timeMs: Math.min(startMs + BUCKET_MS.hour, nowMs),
    value: mean,
  }));
}

/** How long it takes a rising trend to get there; infinite where there is none. */
function daysTo(limit: number, given: readonly Valued[], nowMs: number): number {
  const points = given.filter(({ timeMs }) => timeMs <= nowMs);
  const times = points.map(({ timeMs }) => timeMs);
  if (times.length === 0) return Number.POSITIVE_INFINITY;
  const [fromMs, toMs] = [times.reduce((a, b) => Math.min(a, b)), nowMs + 1];
  const bucketMs = Math.max(1_000, Math.ceil((toMs - fromMs) / STEPS));
  const values = points.map(({ value }) => value);
  const { direction, slopePerDay, buckets } = trendOf(values, times, { fromMs, toMs, bucketMs });
  if (direction !== 'rising' || slopePerDay === null) return Number.POSITIVE_INFINITY;
  const level = buckets.findLast(({ p50 }) => p50 !== null)?.p50 ?? 0;
  return Math.max(0, limit - level) / slopePerDay;
}
