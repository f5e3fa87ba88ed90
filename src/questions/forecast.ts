import { durationText } from '../duration-text.ts';
import { WatchkeeperError } from '../errors.ts';
import { FORECAST_SETTINGS, type Forecast, type ModelReport } from '../forecast/answer.ts';
import { type Buckets, bucketed } from '../forecast/buckets.ts';
import { crossingOf } from '../forecast/crossing.ts';
import { forecast as forecastSteps } from '../forecast/forecast.ts';
import { MEMBERS } from '../forecast/members.ts';
import type { Point } from '../glossary/history.ts';
import type { HistoryReader } from '../history-reader.ts';
import { METRIC_FORM, type MetricName, metricText, parseMetricName, SYSTEM_SOURCE } from '../metric-name.ts';
import { roundSignificant } from '../stats/round.ts';
import { pointsOf } from './series.ts';

export interface ForecastQuestion {
  /** `MODULE.METRIC` */
  metric: string;
  /** How far ahead, at most 3650 days. Default: 24 h. */
  aheadMs?: number;
  /** A value of interest: a timeout, a full disk. */
  reaches?: number;
  /** The share of values that the interval is to hold. Default: 0.95. */
  level?: number;
  /** `naive`, `linear`, ...: this model's instead of the best. */
  model?: string;
}

export interface ForecastAnswer {
  metric: string;
  madeAt: string;
  /** How many values it was made from, and of which time. */
  from: { points: number; since: string; until: string; bucketSeconds: number };
  model: string;
  /** Whether it did better than "same as last time" and "same as one season ago"; null: too few values to tell. */
  beatsNaive: boolean | null;
  level: number;
  steps: { time: string; value: number; low: number | null; high: number | null }[];
  reaches: Reached | null;
  models: Omit<ModelReport, 'values'>[];
  words: string[];
}

/** When a value is reached: by the forecast itself, and by the ends of its interval. Null: not in the time ahead. */
interface Reached {
  value: number;
  /** The last known value is it. The times are those of that value then. */
  already: boolean;
  expected: string | null;
  /** The first moment at which the interval holds it. */
  earliest: string | null;
  /** The first moment from which the whole interval is beyond it. */
  latest: string | null;
}

type Valued = Pick<Point, 'timeMs' | 'value'>;

const DAY_MS = 86_400_000;
const FARTHEST_MS = 3_650 * DAY_MS;

/** More values than that say nothing more of the next ones. */
const MOST_POINTS = 6_000;

/** What is a level and not an average: the last value of a time says where it stands. */
const LEVELS = /^(?:disk|memory|swap)\w*(?:Mb|Percent)$/;

/** Metrics that can be below 0. */
const SIGNED = /(delta|change|difference|pnl|profit|return|score|balance)/i;

/**
 * How a metric goes on.
 *
 * @throws WatchkeeperError 'usage' where the metric is not known, or a setting is out of its range
 */
export function forecast(reader: HistoryReader, question: ForecastQuestion, nowMs: number): ForecastAnswer {
  const name = parseMetricName(question.metric);
  if (name === null)
    throw new WatchkeeperError('usage', `'${question.metric}' is no metric: write ${METRIC_FORM}`);
  refuse(question);
  return forecastFrom(pointsOf(reader, name, { newest: MOST_POINTS }), name, question, nowMs);
}

/**
 * The same from values that are known already.
 *
 * @param given in any order; what lies after `nowMs` is passed over
 * @throws WatchkeeperError 'usage' where none is left
 */
export function forecastFrom(
  given: readonly Valued[],
  name: MetricName,
  question: Omit<ForecastQuestion, 'metric'>,
  nowMs: number,
): ForecastAnswer {
  const points = pastOf(given, nowMs);
  const grid = gridOf(points, name, question.aheadMs ?? DAY_MS);
  const isAmount = !SIGNED.test(name.metric) && grid.values.every(value => value >= 0);
  const { reaches } = question;
  // Held at 0, an interval never lies beyond it: when an amount is used up is asked of forecasts that may go on below.
  const nonNegative = isAmount && (reaches === undefined || reaches > 0);
  const found = forecastSteps(grid.values, { ...settingsOf(question, grid), nonNegative });
  return {
    ...{ metric: metricText(name), madeAt: iso(nowMs), from: fromOf(points, grid) },
    ...{ model: found.model, beatsNaive: found.beatsNaive, steps: stepsOf(found, grid, isAmount) },
    level: question.level ?? FORECAST_SETTINGS.level,
    reaches: reaches === undefined ? null : reached(reaches, grid, found.steps),
    models: found.models.map(({ values: _, ...report }) => report),
    words: [
      ...found.words,
      ...(found.beatsNaive === null ? coarseWords(points.length, grid) : []),
      ...emptyWords(grid),
    ],
  };
}

function refuse({ aheadMs, level, model, reaches }: ForecastQuestion): void {
  if (aheadMs !== undefined && !(aheadMs > 0 && aheadMs <= FARTHEST_MS))
    throw new WatchkeeperError('usage', 'a forecast looks ahead by more than 0 and at most 3650d');
  if (level !== undefined && !(level > 0 && level < 1))
    throw new WatchkeeperError('usage', `a level lies between 0 and 1, such as 0.95: not ${level}`);
  if (reaches !== undefined && !Number.isFinite(reaches))
    throw new WatchkeeperError('usage', 'the value to be reached has to be a number');
  const names = [...MEMBERS.map(member => member.name), 'ensemble'];
  if (model !== undefined && !names.includes(model))
    throw new WatchkeeperError('usage', `there is no model '${model}': the models are ${names.join(', ')}`);
}

/** By time, and without what a clock that was ahead has left in the future. */
function pastOf(points: readonly Valued[], nowMs: number): Valued[] {
  return points.filter(({ timeMs }) => timeMs <= nowMs).sort((a, b) => a.timeMs - b.timeMs);
}

function gridOf(points: readonly Valued[], name: MetricName, aheadMs: number): Buckets {
  const isLevel = name.source === SYSTEM_SOURCE && LEVELS.test(name.metric);
  const grid = bucketed(
    points.map(({ timeMs }) => timeMs),
    points.map(({ value }) => value),
    { aheadMs, how: isLevel ? 'last' : 'mean' },
  );
  if (grid !== null) return grid;
  throw new WatchkeeperError('usage', `${metricText(name)} has no values yet: wait for the first run`);
}

function settingsOf(
  { level, model }: Pick<ForecastQuestion, 'level' | 'model'>,
  { steps, naturalPeriods }: Buckets,
) {
  const asked = { level: level ?? FORECAST_SETTINGS.level, model: model ?? null };
  return { ...FORECAST_SETTINGS, ...asked, steps, naturalPeriods };
}

/** @param isAmount none of them is shown below 0 */
function stepsOf({ steps }: Forecast, grid: Buckets, isAmount: boolean): ForecastAnswer['steps'] {
  const shown = (value: number): number => roundSignificant(isAmount ? Math.max(value, 0) : value, 6);
  return steps.map(({ value, low, high }, index) => ({
    time: timeOf(grid, index + 1),
    value: shown(value),
    low: low === null ? null : shown(low),
    high: high === null ? null : shown(high),
  }));
}

function fromOf(points: readonly Valued[], { endMs, bucketMs }: Buckets): ForecastAnswer['from'] {
  const since = iso(points[0]?.timeMs ?? endMs);
  return { points: points.length, since, until: iso(endMs), bucketSeconds: bucketMs / 1000 };
}

/** From either side: what is above the value now reaches it by falling. */
function reached(value: number, grid: Buckets, steps: Forecast['steps']): Reached {
  const { already, expected, earliest, latest } = crossingOf(steps, grid.values.at(-1) ?? 0, value, null);
  const when = (step: number | null): string | null =>
    already ? timeOf(grid, 0) : step === null ? null : timeOf(grid, step);
  return { value, already, expected: when(expected), earliest: when(earliest), latest: when(latest) };
}

/** The end of a step; 0: of the last value. */
const timeOf = ({ endMs, bucketMs }: Buckets, step: number): string => iso(endMs + step * bucketMs);

/** Steps follow the time ahead, so a young history has few of them. */
function coarseWords(points: number, { values, bucketMs }: Buckets): string[] {
  if (values.length * 2 > points) return [];
  const steps = `${values.length} step(s) of ${durationText(bucketMs)}`;
  return [`The ${points} values lie in ${steps}: a shorter time ahead has shorter steps.`];
}

function emptyWords({ filled, values }: Buckets): string[] {
  if (filled * 3 < values.length) return [];
  return [
    `${filled} of ${values.length} steps of the past had no value: they were taken to be as the one before.`,
  ];
}

const iso = (ms: number): string => new Date(ms).toISOString();
