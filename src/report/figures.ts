import { mean } from '../stats/mean.ts';
import { quantile } from '../stats/quantile.ts';
import type { MetricFigures, MetricReport, RollUpSeries } from './data.ts';

/** A metric's figures: those that are given, or else what its series tells. Null for no values. */
export function figuresOf({ figures, series }: MetricReport): MetricFigures | null {
  if (figures !== null) return figures;
  return series.kind === 'values' ? figuresOfValues(series.values) : figuresOfBuckets(series);
}

function figuresOfValues(values: readonly number[]): MetricFigures | null {
  const average = mean(values);
  if (average === null) return null;
  return {
    count: values.length,
    mean: average,
    median: quantile(values, 0.5),
    p95: quantile(values, 0.95),
    ...extremes(values, values),
  };
}

/** Each bucket counts as often as it has values; quantiles are not to be had from those of the buckets. */
function figuresOfBuckets({ counts, mean: means, min, max }: RollUpSeries): MetricFigures | null {
  const count = counts.reduce((sum, each) => sum + each, 0);
  if (count === 0) return null;
  const total = means.reduce((sum, each, index) => sum + each * (counts[index] ?? 0), 0);
  return { count, mean: total / count, median: null, p95: null, ...extremes(min, max) };
}

function extremes(lows: readonly number[], highs: readonly number[]): { min: number; max: number } {
  return {
    min: lows.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
    max: highs.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY),
  };
}
