import { quantile } from '../stats/quantile.ts';
import type { RollUpSeries, Series } from './data.ts';

/** What a drawing shows of a slice of time: a typical value and how far the values go. */
export interface Column {
  timeMs: number;
  middle: number;
  low: number;
  high: number;
  /** The 95th percentile where roll-ups tell it. */
  p95: number | null;
}

/**
 * A series in at most `most` columns: equal slices of the time from `fromMs` to `toMs`, each with its median and its extremes, so that
 * no spike is lost. A series that fits stays as it is, a column for each value. Slices without values are left out.
 *
 * Cost: O(n log n) within the slices. Source: min/max decimation, as oscilloscopes draw (also "M4", Jugel et al., VLDB 2014).
 */
export function thinned(series: Series, fromMs: number, toMs: number, most: number): Column[] {
  const columns = (
    series.kind === 'values' ? pointColumns(series) : bucketColumns(series, fromMs, toMs)
  ).filter(
    ({ timeMs, middle, low, high }) =>
      timeMs >= fromMs && timeMs <= toMs && [middle, low, high].every(Number.isFinite),
  );
  if (columns.length <= most) return columns;
  return slices(columns, fromMs, toMs, most).map(joined);
}

function pointColumns({
  timesMs,
  values,
}: {
  timesMs: readonly number[];
  values: readonly number[];
}): Column[] {
  return values.map((value, index) => ({
    timeMs: timesMs[index] ?? Number.NaN,
    ...{ middle: value, low: value, high: value, p95: null },
  }));
}

/** A bucket stands in its middle, or, where that lies outside of the time, at the end of what is in it. */
function bucketColumns(series: RollUpSeries, fromMs: number, toMs: number): Column[] {
  const { timesMs, bucketMs, mean, min, max, p95 } = series;
  return timesMs.flatMap((timeMs, index) => {
    if (timeMs + bucketMs <= fromMs || timeMs > toMs) return [];
    return {
      timeMs: Math.min(Math.max(timeMs + bucketMs / 2, fromMs), toMs),
      middle: mean[index] ?? Number.NaN,
      low: min[index] ?? Number.NaN,
      high: max[index] ?? Number.NaN,
      p95: p95[index] ?? null,
    };
  });
}

function slices(columns: Column[], fromMs: number, toMs: number, count: number): Column[][] {
  const found = new Map<number, Column[]>();
  for (const column of columns) {
    const place = Math.min(count - 1, Math.floor(((column.timeMs - fromMs) / (toMs - fromMs)) * count));
    const slice = found.get(place);
    if (slice === undefined) found.set(place, [column]);
    else slice.push(column);
  }
  return [...found.values()];
}

function joined(slice: Column[]): Column {
  const tails = slice.flatMap(({ p95 }) => (p95 === null ? [] : [p95]));
  return {
    timeMs: medianOf(slice.map(({ timeMs }) => timeMs)),
    middle: medianOf(slice.map(({ middle }) => middle)),
    low: Math.min(...slice.map(({ low }) => low)),
    high: Math.max(...slice.map(({ high }) => high)),
    p95: tails.length === 0 ? null : Math.max(...tails),
  };
}

function medianOf(values: number[]): number {
  return quantile(values, 0.5) ?? Number.NaN;
}
