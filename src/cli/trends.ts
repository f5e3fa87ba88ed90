import { EXIT } from '../errors.ts';
import { type MetricTrend, type TrendsAnswer, trends as trendsOf } from '../questions/trends.ts';
import type { CliCommand } from './command.ts';
import { durationOption } from './duration.ts';
import { NONE, table } from './format.ts';
import { metricValue } from './metric-value.ts';
import { shown } from './shown.ts';
import { sparkline } from './sparkline.ts';

/** How a module's metrics went over a window of time. */
export const trends: CliCommand = (context, [of = ''], options) => {
  const { window, bucket } = options as { window?: string; bucket?: string };
  const question = {
    of,
    ...(window === undefined ? {} : { windowMs: durationOption('--window', window) }),
    ...(bucket === undefined ? {} : { bucketMs: durationOption('--bucket', bucket) }),
  };
  return shown(context, store => ({ answer: trendsOf(store, question, Date.now()), lines, exit: EXIT.done }));
};

/** Columns of the small picture. */
const WIDTH = 40;

function lines({ trends: found, from, to }: TrendsAnswer): string[] {
  const rows = found.map(trend => {
    const filled = trend.buckets.filter(({ p50 }) => p50 !== null);
    return [
      ...[trend.metric, trend.direction, slopeText(trend), changeText(trend)],
      ...[
        metricValue(trend.metric, filled[0]?.p50 ?? null),
        metricValue(trend.metric, filled.at(-1)?.p50 ?? null),
      ],
      ...[
        String(trend.count),
        sparkline(
          trend.buckets.map(({ p50 }) => p50),
          WIDTH,
        ),
      ],
    ];
  });
  const head = ['metric', 'trend', 'a day (95 %)', 'change', 'first', 'last', 'values', 'medians'];
  return [`${from.slice(0, 16)}Z to ${to.slice(0, 16)}Z`, '', ...table([head, ...rows], 2)];
}

function slopeText({ metric, slopePerDay, interval }: MetricTrend): string {
  if (slopePerDay === null) return NONE;
  const value = (each: number): string => `${each < 0 ? '-' : '+'}${metricValue(metric, Math.abs(each))}`;
  return interval === null
    ? value(slopePerDay)
    : `${value(slopePerDay)} (${value(interval.low)} to ${value(interval.high)})`;
}

function changeText({ changePercent }: MetricTrend): string {
  return changePercent === null ? NONE : `${changePercent < 0 ? '' : '+'}${changePercent.toFixed(1)} %`;
}
