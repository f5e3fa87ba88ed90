import { setFlagsFromString } from 'node:v8';
import { EXIT } from '../errors.ts';
import { given } from '../given.ts';
import { type ForecastAnswer, forecast as forecastOf } from '../questions/forecast.ts';
import type { CliCommand } from './command.ts';
import { durationOption } from './duration.ts';
import { NONE } from './format.ts';
import { dateAndTime, metricValue } from './metric-value.ts';
import { numberOption } from './number-option.ts';
import { optional } from './optional.ts';
import { shown } from './shown.ts';
import { table } from './table.ts';

interface Options {
  ahead?: string;
  reaches?: string;
  level?: string;
  model?: string;
}

/** How a metric goes on. */
export const forecast: CliCommand = (context, [metric = ''], options) => {
  const { ahead, reaches, level, model } = options as Options;
  const asked = given({
    aheadMs: optional(ahead, text => durationOption('--ahead', text)),
    reaches: optional(reaches, text => numberOption('--reaches', text)),
    level: optional(level, text => numberOption('--level', text)),
    model,
  });
  // Each of ten models has its own short loops: the optimizing compiler would take longer for them than it saves, a quarter of all CPU time.
  setFlagsFromString('--no-turbofan');
  return shown(context, store => ({
    answer: forecastOf(store, { metric, ...asked }, Date.now()),
    lines,
    exit: EXIT.done,
  }));
};

/** So many steps are shown in the terminal; all of them in JSON. */
const MOST_ROWS = 12;

function lines(answer: ForecastAnswer, width: number): string[] {
  const { metric, from, model, level, steps, words } = answer;
  const value = (each: number | null): string => metricValue(metric, each);
  const every = Math.ceil(steps.length / MOST_ROWS);
  const rows = steps
    .filter((_, index) => (index + 1) % every === 0 || index === steps.length - 1)
    .map(({ time, value: expected, low, high }) => [
      from.bucketSeconds < 60 ? dateAndTime(time, 'second') : dateAndTime(time),
      value(expected),
      low === null ? NONE : `${value(low)} to ${value(high)}`,
    ]);
  return [
    `${metric}, from ${from.points} value(s) since ${dateAndTime(from.since)}; model: ${model}`,
    '',
    ...table([['time', 'forecast', `${Number((level * 100).toFixed(3))} % lie in`], ...rows], 1, width),
    '',
    ...reachedLines(answer),
    ...words,
  ];
}

function reachedLines({ metric, reaches, steps }: ForecastAnswer): string[] {
  if (reaches === null) return [];
  const { value, already, expected, earliest, latest } = reaches;
  if (already) return [`it is at ${metricValue(metric, value)} already`, ''];
  const end = dateAndTime(steps.at(-1)?.time ?? '');
  const what = metricValue(metric, value);
  if (expected === null && earliest === null) return [`does not reach ${what} before ${end}`, ''];
  const when = (time: string | null): string => (time === null ? `not before ${end}` : dateAndTime(time));
  const range = earliest === null ? '' : `, at the earliest ${when(earliest)}, at the latest ${when(latest)}`;
  return [`reaches ${what}: expected ${when(expected)}${range}`, ''];
}
