import { quantile } from '../stats/quantile.ts';

export interface BucketSettings {
  /** How far the forecast is to reach behind the last value. */
  aheadMs: number;
  /** A bucket's value: the mean of what was measured in it, or the last of it (for what only grows or is a state). */
  how: 'mean' | 'last';
}

/** A series with one value each `bucketMs`, oldest first. */
export interface Buckets {
  values: number[];
  bucketMs: number;
  /** The time at which the last bucket ends: that of the last value. Bucket k from the end ends k widths earlier. */
  endMs: number;
  /** Steps that reach as far ahead as was asked, at least 1. */
  steps: number;
  /** Buckets in which nothing was measured: they have the value of the one before. */
  filled: number;
  /** The hour, the day and the week, as far as they are whole numbers of buckets. */
  naturalPeriods: number[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Each divides a day, as far as it is shorter, so that a day is a whole number of buckets. */
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 20, 30].map(count => count * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map(count => count * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map(count => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map(count => count * DAY),
];

const MOST_BUCKETS = 2000;
const MOST_STEPS = 100;
/** Where fewer of the buckets have a value of their own, wider ones are taken as long as there are enough of them. */
const LEAST_MEASURED = 0.5;
const ENOUGH_BUCKETS = 50;

/**
 * Brings values that were measured at uneven times to an even grid.
 *
 * - Convention: the width is the least of a list of usual ones that is not below the usual distance of the values (a tenth less is
 *   allowed, for schedules that jitter) and gives at most 100 steps ahead; wider where less than half of the buckets would have a value.
 *   The last bucket ends with the last value and holds it. At most the latest 2,000 buckets. A bucket without a value keeps that of the
 *   one before: nothing that came later is used. Values or times that are not finite are passed over.
 * - Cost: O(n log n).
 *
 * @param timesMs milliseconds since 1970, ascending
 * @returns null where there is no value
 */
export function bucketed(
  timesMs: readonly number[],
  values: readonly number[],
  { aheadMs, how }: BucketSettings,
): Buckets | null {
  const points = timesMs
    .map((timeMs, at) => ({ timeMs, value: values[at] ?? Number.NaN }))
    .filter(({ timeMs, value }) => Number.isFinite(timeMs) && Number.isFinite(value));
  const last = points.at(-1);
  if (last === undefined) return null;
  const endMs = last.timeMs;
  const bucketMs = widthOf(
    points.map(({ timeMs }) => timeMs),
    aheadMs,
  );
  const cells = cellsOf(points, endMs, bucketMs, how);
  return {
    ...held(cells),
    ...{ bucketMs, endMs },
    steps: Math.max(1, Math.ceil(aheadMs / bucketMs)),
    naturalPeriods: [HOUR, DAY, 7 * DAY]
      .map(each => each / bucketMs)
      .filter(each => each >= 2 && each % 1 === 0),
  };
}

function widthOf(timesMs: readonly number[], aheadMs: number): number {
  const distances = timesMs
    .slice(1)
    .map((timeMs, at) => timeMs - (timesMs[at] as number))
    .filter(distance => distance > 0);
  const usual = quantile(distances, 0.5) ?? SECOND;
  const least = Math.max(0.9 * usual, aheadMs / MOST_STEPS);
  const widths = WIDTHS.filter(width => width >= least);
  const wide = widths.length === 0 ? [Math.ceil(least)] : widths;
  return wide.find(width => isWellFilled(timesMs, width)) ?? (wide[0] as number);
}

/** With the share of the buckets that have a value, or too few of them to be made fewer. */
function isWellFilled(timesMs: readonly number[], width: number): boolean {
  const endMs = timesMs.at(-1) ?? 0;
  const numbers = new Set(timesMs.map(timeMs => Math.floor((endMs - timeMs) / width)));
  const count = Math.floor((endMs - (timesMs[0] ?? 0)) / width) + 1;
  return numbers.size >= LEAST_MEASURED * count || count < 2 * ENOUGH_BUCKETS;
}

/** By their number, the oldest first; null: nothing was measured. */
function cellsOf(
  points: readonly { timeMs: number; value: number }[],
  endMs: number,
  bucketMs: number,
  how: BucketSettings['how'],
): (number | null)[] {
  const numberOf = (timeMs: number): number => Math.floor((endMs - timeMs) / bucketMs);
  const count = Math.min(numberOf(points[0]?.timeMs ?? endMs) + 1, MOST_BUCKETS);
  const cells: (number | null)[] = new Array(count).fill(null);
  const counts = new Array<number>(count).fill(0);
  for (const { timeMs, value } of points) {
    const at = count - 1 - numberOf(timeMs);
    if (at < 0) continue;
    const before = cells[at] ?? null;
    const many = (counts[at] ?? 0) + 1;
    counts[at] = many;
    cells[at] = before === null || how === 'last' ? value : before + (value / many - before / many);
  }
  return cells;
}

function held(cells: readonly (number | null)[]): { values: number[]; filled: number } {
  const first = cells.findIndex(cell => cell !== null);
  let last = 0;
  let filled = 0;
  const values = cells.slice(first).map(cell => {
    if (cell === null) filled += 1;
    last = cell ?? last;
    return last;
  });
  return { values, filled };
}
