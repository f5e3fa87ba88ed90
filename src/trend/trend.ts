import type { Interval } from '../stats/hodges-lehmann.ts';
import { mannKendall } from '../stats/mann-kendall.ts';
import { mean } from '../stats/mean.ts';
import { quantile } from '../stats/quantile.ts';
import { strictAlpha } from '../stats/serial-evidence.ts';
import { theilSen } from '../stats/theil-sen.ts';
import { type Bucket, bucketsOf, type Window } from './buckets.ts';

/** `flat`: no trend that could be told from chance, or one too small to matter; `too-few`: too few buckets hold a value. */
type Direction = 'rising' | 'falling' | 'flat' | 'too-few';

export interface Trend {
  buckets: Bucket[];
  direction: Direction;
  /** Of the buckets' medians, in the metric's unit; null where there are too few. */
  slopePerDay: number | null;
  interval: Interval | null;
  /** The chance of such a trend where there is none. */
  p: number | null;
  /** From the first filled bucket to the last, along the slope, in percent of the median level; null where that is 0. */
  changePercent: number | null;
}

export interface TrendSettings extends Window {
  alpha?: number;
  /** Smaller changes over the window are flat. */
  leastPercent?: number;
}

const DAY_MS = 86_400_000;
const DEFAULT = { alpha: 0.05, leastPercent: 1 };
/** Fewer points can hardly tell a trend from chance. */
const FEWEST = 5;
/** The slope compares all points with all: more buckets are put together. */
const MOST_POINTS = 400;

/**
 * Where a metric is heading over a window of time.
 *
 * - Convention: Theil and Sen's slope through the medians of the buckets, tested by Mann and Kendall's test with serial correlation counted
 *   in. Buckets without a value are passed over: the others keep their places in time. Times may come in any order.
 * - Cost: O(n log n), and for the slope at most 400 x 400 pairs.
 *
 * @param values finite, each at its time in milliseconds since 1970; what is not finite is passed over
 * @throws WatchkeeperError `usage` where window and bucket make no sense
 * @example trendOf(values, timesMs, { fromMs: now - 7 * 86_400_000, toMs: now, bucketMs: 3_600_000 }).direction // 'rising'
 */
export function trendOf(
  values: readonly number[],
  timesMs: readonly number[],
  settings: TrendSettings,
): Trend {
  const { alpha, leastPercent } = { ...DEFAULT, ...settings };
  const buckets = bucketsOf(values, timesMs, settings);
  const { days, medians } = pointsOf(buckets);
  const none = { slopePerDay: null, interval: null, p: null, changePercent: null };
  if (medians.length < FEWEST) return { buckets, direction: 'too-few', ...none };
  const { p, inflation } = mannKendall(medians) ?? { p: 1, inflation: 1 };
  const line = theilSen(days, medians, strictAlpha(alpha, { count: medians.length, inflation }));
  if (line === null) return { buckets, direction: 'too-few', ...none };
  const span = (days.at(-1) ?? 0) - (days[0] ?? 0);
  const percent = ((line.slope * span) / Math.abs(quantile(medians, 0.5) ?? 0)) * 100;
  const changePercent = Number.isFinite(percent) ? percent : null;
  const isTrend = p <= alpha && line.slope !== 0 && Math.abs(changePercent ?? 100) >= leastPercent;
  const direction = !isTrend ? 'flat' : line.slope > 0 ? 'rising' : 'falling';
  return { buckets, direction, slopePerDay: line.slope, interval: line.interval, p, changePercent };
}

/** The medians of the filled buckets, at the days that they stand for; of neighbours put together the mean. */
function pointsOf(buckets: readonly Bucket[]): { days: number[]; medians: number[] } {
  const filled = buckets.filter(({ p50 }) => p50 !== null);
  const size = Math.ceil(filled.length / MOST_POINTS) || 1;
  const groups = Array.from({ length: Math.floor(filled.length / size) }, (_, group) =>
    filled.slice(group * size, (group + 1) * size),
  );
  return {
    days: groups.map(group => mean(group.map(({ startMs }) => startMs / DAY_MS)) ?? 0),
    medians: groups.map(group => mean(group.map(({ p50 }) => p50 ?? 0)) ?? 0),
  };
}
