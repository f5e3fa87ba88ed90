import { EXIT } from '../errors.ts';
import { given } from '../given.ts';
import { type MetricTrend, type TrendsAnswer, trends as trendsOf } from '../questions/trends.ts';
import { quantity, unitOf } from '../report/quantity.ts';
import type { CliCommand } from './command.ts';
import { durationOption } from './duration.ts';
import { NONE } from './format.ts';
import { metricValue } from './metric-value.ts';
import { optional } from './optional.ts';
import { shown } from './shown.ts';
import { sparkline } from './sparkline.ts';
import { table } from './table.ts';

/** How a module's metrics went over a window of time. */
export const trends: CliCommand = (context, [of = ''], options) => {
  const { window, bucket } = options as { window?: string; bucket?: string };
  const asked = given({
    windowMs: optional(window, text => durationOption('--window', text)),
    bucketMs: optional(bucket, text => durationOption('--bucket', text)),
  });
  return shown(context, store => ({
    answer: trendsOf(store, { of, ...asked }, Date.now()),
    lines,
    exit: EXIT.done,
  }));
};

/** Columns of the small picture. */
const WIDTH = 40;

function lines({ trends: found, from, to }: TrendsAnswer, width: number): string[] {
  const [name, share] = rateFor(Date.parse(to) - Date.parse(from));
  const head = ['metric', 'trend', `${name} (95 %)`, 'change', 'first', 'last', 'values', 'medians'];
  return [
    `${from.slice(0, 16)}Z to ${to.slice(0, 16)}Z`,
    '',
    ...table([head, ...found.map(trend => rowOf(trend, share))], 2, width),
  ];
}

const HOUR_MS = 3_600_000;

/** A slope is told by the time that the window has many of. @returns its name, and its share of a day */
function rateFor(windowMs: number): [name: string, ofDay: number] {
  if (windowMs <= HOUR_MS) return ['a minute', 1 / 1440];
  return windowMs <= 24 * HOUR_MS ? ['an hour', 1 / 24] : ['a day', 1];
}

function rowOf(trend: MetricTrend, ofDay: number): string[] {
  const { metric, direction, count } = trend;
  const medians = trend.buckets.map(({ p50 }) => p50);
  const there = medians.filter(median => median !== null);
  const ends = [there[0], there.at(-1)].map(median => metricValue(metric, median ?? null));
  return [
    ...[metric, direction === 'too-few' ? 'too few' : direction, slopeText(trend, ofDay), changeText(trend)],
    ...[...ends, String(count), sparkline(medians, WIDTH)],
  ];
}

function slopeText({ metric, slopePerDay, interval }: MetricTrend, ofDay: number): string {
  if (slopePerDay === null) return NONE;
  const unit = unitOf(metric.replace(/\{.*$/s, ''));
  const value = (each: number): string => `${each < 0 ? '-' : '+'}${quantity(Math.abs(each) * ofDay, unit)}`;
  return interval === null
    ? value(slopePerDay)
    : `${value(slopePerDay)} (${value(interval.low)} to ${value(interval.high)})`;
}

function changeText({ changePercent }: MetricTrend): string {
  return changePercent === null ? NONE : `${changePercent < 0 ? '' : '+'}${changePercent.toFixed(1)} %`;
}
