import { WatchkeeperError } from '../errors.ts';
import { FORECAST_SETTINGS, type ModelReport } from '../forecast/answer.ts';
import { bucketed } from '../forecast/buckets.ts';
import { crossingOf } from '../forecast/crossing.ts';
import { forecast as forecastSteps } from '../forecast/forecast.ts';
import { MEMBERS } from '../forecast/members.ts';
import { roundSignificant } from '../stats/round.ts';
import { METRIC_FORM, metricText, parseMetricName } from './metric-name.ts';
import type { HistoryReader } from './reader.ts';
import { pointsOf } from './series.ts';

export interface ForecastQuestion {
  /** `MODULE.METRIC` */
  metric: string;
  /** How far ahead. Default: 24 h. */
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
  expected: string | null;
  /** The first moment at which the interval holds it. */
  earliest: string | null;
  /** The first moment from which the whole interval is beyond it. */
  latest: string | null;
}

const DAY_MS = 86_400_000;

/** More values than that say nothing more of the next ones. */
const MOST_POINTS = 6_000;

/** What is a level and not an average: the last value of a time says where it stands. */
const LEVELS = /^(disk|memory|swap)/;

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
  const { aheadMs = DAY_MS, level = FORECAST_SETTINGS.level, model = null } = question;
  refuse(question);
  const points = pointsOf(reader, name, { newest: MOST_POINTS });
  const isLevel = name.source === 'system' && LEVELS.test(name.metric);
  const grid = bucketed(
    points.map(({ timeMs }) => timeMs),
    points.map(({ value }) => value),
    { aheadMs, how: isLevel ? 'last' : 'mean' },
  );
  if (grid === null) throw new WatchkeeperError('usage', `${question.metric} has no values yet`);
  const nonNegative = !SIGNED.test(name.metric) && points.every(({ value }) => value >= 0);
  const { steps, naturalPeriods } = grid;
  const settings = { ...FORECAST_SETTINGS, steps, level, model, nonNegative, naturalPeriods };
  const found = forecastSteps(grid.values, settings);
  const timeOf = (index: number): string => iso(grid.endMs + (index + 1) * grid.bucketMs);
  const shown = found.steps.map((step, index) => ({
    time: timeOf(index),
    value: short(step.value),
    low: step.low === null ? null : short(step.low),
    high: step.high === null ? null : short(step.high),
  }));
  return {
    metric: metricText(name),
    madeAt: iso(nowMs),
    from: {
      points: points.length,
      since: iso(points[0]?.timeMs ?? grid.endMs),
      until: iso(grid.endMs),
      bucketSeconds: grid.bucketMs / 1000,
    },
    ...{ model: found.model, beatsNaive: found.beatsNaive, level, steps: shown },
    reaches:
      question.reaches === undefined
        ? null
        : reached(question.reaches, grid.values.at(-1) ?? 0, shown, iso(grid.endMs)),
    models: found.models.map(({ values: _, ...report }) => report),
    words: [...found.words, ...emptyWords(grid.filled, grid.values.length)],
  };
}

function refuse({ aheadMs, level, model, reaches }: ForecastQuestion): void {
  if (aheadMs !== undefined && !(aheadMs > 0))
    throw new WatchkeeperError('usage', 'the time ahead of a forecast has to be more than 0');
  if (level !== undefined && !(level > 0 && level < 1))
    throw new WatchkeeperError('usage', `a level lies between 0 and 1, such as 0.95: not ${level}`);
  if (reaches !== undefined && !Number.isFinite(reaches))
    throw new WatchkeeperError('usage', 'the value to be reached has to be a number');
  const names = [...MEMBERS.map(member => member.name), 'ensemble'];
  if (model !== undefined && !names.includes(model))
    throw new WatchkeeperError('usage', `there is no model '${model}': the models are ${names.join(', ')}`);
}

/** From either side: what is above the value now reaches it by falling. */
function reached(value: number, last: number, steps: ForecastAnswer['steps'], lastTime: string): Reached {
  const crossing = crossingOf(steps, last, value, null);
  const timeOf = (step: number | null): string | null =>
    crossing.already ? lastTime : step === null ? null : (steps[step - 1]?.time ?? null);
  const { expected, earliest, latest } = crossing;
  return { value, expected: timeOf(expected), earliest: timeOf(earliest), latest: timeOf(latest) };
}

function emptyWords(filled: number, count: number): string[] {
  if (filled * 3 < count) return [];
  return [`${filled} of ${count} steps of the past had no value: they were taken to be as the one before.`];
}

const iso = (ms: number): string => new Date(ms).toISOString();
const short = (value: number): number => roundSignificant(value, 6);
