import { mean } from '../stats/mean.ts';
import { outliersIn } from '../stats/outliers.ts';
import { quantile } from '../stats/quantile.ts';
import { standardDeviation } from '../stats/spread.ts';

/** One metric over the runs of a benchmark, in its own unit. */
export interface BenchFigures {
  metric: string;
  /** Runs that have a value. */
  n: number;
  mean: number;
  /** Null for a single value. */
  standardDeviation: number | null;
  /** The deviation in percent of the mean; null where that is 0, or the deviation is not known. */
  noisePercent: number | null;
  min: number;
  median: number;
  p95: number;
  max: number;
  /** Values that do not belong: see stats/outliers.ts. They are in all figures. */
  outliers: RunValue[];
  /** In the order of the runs. */
  values: number[];
}

/** A value, and which of the runs that count it is of, counted from 1. */
export interface RunValue {
  run: number;
  value: number;
}

/** @param points finite values, one or more, in the order of the runs */
export function benchFigures(metric: string, points: readonly RunValue[]): BenchFigures {
  const values = points.map(({ value }) => value);
  const at = (p: number): number => quantile(values, p) ?? 0;
  const [centre, deviation] = [mean(values) ?? 0, standardDeviation(values)];
  const percent = deviation === null ? null : (100 * deviation) / Math.abs(centre);
  return {
    ...{ metric, n: values.length, mean: centre, standardDeviation: deviation },
    noisePercent: percent === null || !Number.isFinite(percent) ? null : percent,
    ...{ min: at(0), median: at(0.5), p95: at(0.95), max: at(1) },
    outliers: outliersIn(values).flatMap(index => points[index] ?? []),
    values,
  };
}
