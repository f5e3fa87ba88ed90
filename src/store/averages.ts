import { BASE_METRICS, type BaseMetric, type Run } from '../glossary/run.ts';
import { rounded } from '../rounding.ts';
import { mean } from '../stats/mean.ts';

/** Null where no `ok` run has a value. */
export type Averages = Record<BaseMetric, number | null>;

const UNITS = {
  runtimeSeconds: 'seconds',
  cpuPercent: 'percent',
  memoryMb: 'mb',
  apiLatencySeconds: 'seconds',
} as const satisfies Record<BaseMetric, string>;

/** How many numbers `figuresOf` makes of a run. */
export const FIGURES = BASE_METRICS.length;

/** The mean of each base metric over the `ok` runs that have it. */
export function averagesOf(runs: Run[]): Averages {
  return averagesOfFigures(runs.flatMap(figuresOf));
}

/** What the averages need of a run, in eight bytes each: its base metrics in their order, NaN for one that does not count. */
export function figuresOf(run: Run): number[] {
  return BASE_METRICS.map(metric => (run.outcome === 'ok' ? (run[metric] ?? Number.NaN) : Number.NaN));
}

/** @param figures those of all runs, one after the other */
export function averagesOfFigures(figures: number[]): Averages {
  const entries = BASE_METRICS.map((metric, place) => {
    const values: number[] = [];
    for (let index = place; index < figures.length; index += FIGURES) {
      const value = figures[index];
      if (value !== undefined && !Number.isNaN(value)) values.push(value);
    }
    const average = mean(values);
    return [metric, average === null ? null : rounded(average, UNITS[metric])];
  });
  return Object.fromEntries(entries) as Averages;
}
