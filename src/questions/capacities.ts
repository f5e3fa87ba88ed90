import { BUCKET_MS } from '../buckets.ts';
import type { Point } from '../glossary/history.ts';
import type { Run } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';
import type { CapacityForecast } from '../recommend/facts.ts';
import { trendOf } from '../trend/trend.ts';
import { type ForecastAnswer, forecastFrom } from './forecast.ts';
import { memoryTotalMb } from './machine-memory.ts';

const DAY_MS = 86_400_000;
/** So far ahead a limit is looked for, from as much of the past. */
const AHEAD_DAYS = 30;
const HOURS = 24 * AHEAD_DAYS;
/** A trend's steps in its time. */
const STEPS = 168;
/** What has begun lately shows in this part of the past. */
const LATELY = 0.1;
/** So many metrics are forecast, each in a tenth of a second or two: those that are there first as their trend goes on. */
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
 * What runs out within 30 days as its trend goes on, of all the time that is looked at or of the last tenth of it: the free space on the
 * disk, the machine's memory, runtimes with a timeout. How it goes on as a forecast has it.
 */
export function capacitiesAhead(
  reader: HistoryReader,
  timed: readonly TimedModule[],
  nowMs: number,
): Capacity[] {
  const nearest = [...machineLimits(reader, nowMs), ...timed.map(timeoutLimit)]
    .map(near => ({ near, days: daysTo(near.limit, near.points, nowMs) }))
    .filter(({ days }) => days <= AHEAD_DAYS)
    .sort((a, b) => a.days - b.days)
    .slice(0, MOST);
  return nearest.flatMap(({ near: { points, areHours, ...limit } }) => {
    const hours = areHours ? points : hoursOf(reader, limit.source, limit.metric, nowMs);
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

/** With what shows its trend: the hours that it is forecast from, or single values. */
interface Near extends Limit {
  points: readonly Valued[];
  areHours: boolean;
}

function machineLimits(reader: HistoryReader, nowMs: number): Near[] {
  const near = (metric: string, limit: number, limitName: string): Near => ({
    ...{ source: SYSTEM_SOURCE, module: null, metric, limit, limitName },
    ...{ points: hoursOf(reader, SYSTEM_SOURCE, metric, nowMs), areHours: true },
  });
  const totalMb = memoryTotalMb(reader, { untilMs: nowMs });
  return [
    near('diskFreeMb', 0, 'an empty disk'),
    ...(totalMb === null ? [] : [near('memoryUsedMb', totalMb, 'all memory there is')]),
  ];
}

function timeoutLimit({ name, timeoutSeconds, runs }: TimedModule): Near {
  return {
    ...{ source: name, module: name, metric: 'runtimeSeconds' },
    ...{ limit: timeoutSeconds, limitName: 'its timeout', areHours: false },
    points: runs.flatMap(({ outcome, startedAt, runtimeSeconds }) =>
      outcome === 'ok' && runtimeSeconds !== null
        ? [{ timeMs: Date.parse(startedAt), value: runtimeSeconds }]
        : [],
    ),
  };
}

/** The mean of each hour, at its end; of the hour under way at this moment. */
function hoursOf(reader: HistoryReader, source: string, metric: string, nowMs: number): Valued[] {
  const hours = reader.rollups(source, metric, {}, 'hour', { untilMs: nowMs, newest: HOURS });
  return hours.map(({ startMs, mean }) => ({
    timeMs: Math.min(startMs + BUCKET_MS.hour, nowMs),
    value: mean,
  }));
}

/** How long it takes its trend to get there, whichever gets there first: that of all the time, or of the last part of it. */
function daysTo(limit: number, given: readonly Valued[], nowMs: number): number {
  const points = given.filter(({ timeMs }) => timeMs <= nowMs);
  const fromMs = points.reduce((least, { timeMs }) => Math.min(least, timeMs), nowMs);
  const lateMs = nowMs - (nowMs - fromMs) * LATELY;
  const late = points.filter(({ timeMs }) => timeMs >= lateMs);
  return Math.min(
    ...[points, late].map((part, index) => trendTo(limit, part, index === 0 ? fromMs : lateMs, nowMs)),
  );
}

/** Infinite where there is no trend, or none that goes there. */
function trendTo(limit: number, points: readonly Valued[], fromMs: number, nowMs: number): number {
  const window = { fromMs, toMs: nowMs + 1, bucketMs: Math.max(1_000, Math.ceil((nowMs - fromMs) / STEPS)) };
  const times = points.map(({ timeMs }) => timeMs);
  const values = points.map(({ value }) => value);
  const { direction, slopePerDay, buckets } = trendOf(values, times, window);
  if (direction === 'flat' || direction === 'too-few' || slopePerDay === null)
    return Number.POSITIVE_INFINITY;
  const level = buckets.findLast(({ p50 }) => p50 !== null)?.p50 ?? limit;
  const days = (limit - level) / slopePerDay;
  return days >= 0 ? days : Number.POSITIVE_INFINITY;
}
