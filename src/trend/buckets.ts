import { WatchkeeperError } from '../errors.ts';
import { mean } from '../stats/mean.ts';
import { quantile } from '../stats/quantile.ts';

/** The values of one stretch of time; null where there was none. */
export interface Bucket {
  startMs: number;
  count: number;
  mean: number | null;
  p50: number | null;
  p95: number | null;
}

export interface Window {
  /** The first moment of the window. */
  fromMs: number;
  /** The first moment after it. */
  toMs: number;
  bucketMs: number;
}

const MOST = 10_000;

/**
 * The values of a window of time, in buckets of equal width, also those without a value.
 *
 * - Convention: buckets begin at multiples of their width since 1970 (whole hours, UTC days); the first and the last may reach out of the
 *   window, but values outside of it are left out.
 * - Cost: O(n log n).
 *
 * @throws WatchkeeperError `usage` where the window holds no time, or more than 10,000 buckets
 */
export function bucketsOf(
  values: readonly number[],
  timesMs: readonly number[],
  { fromMs, toMs, bucketMs }: Window,
): Bucket[] {
  const first = Math.floor(fromMs / bucketMs);
  const count = Math.ceil(toMs / bucketMs) - first;
  if (!(count >= 1 && bucketMs > 0))
    throw new WatchkeeperError('usage', 'the window holds no time: give a longer one, such as seven days');
  if (count > MOST)
    throw new WatchkeeperError(
      'usage',
      `the window holds ${count} buckets, more than ${MOST}: give wider ones`,
    );
  const inside: number[][] = Array.from({ length: count }, () => []);
  values.forEach((value, index) => {
    const time = timesMs[index] ?? Number.NaN;
    if (Number.isFinite(value) && time >= fromMs && time < toMs)
      inside[Math.floor(time / bucketMs) - first]?.push(value);
  });
  return inside.map((each, place) => ({
    startMs: (first + place) * bucketMs,
    count: each.length,
    mean: mean(each),
    p50: quantile(each, 0.5),
    p95: quantile(each, 0.95),
  }));
}
