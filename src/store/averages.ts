import { rounded } from '../rounding.ts';
import { mean } from '../stats/mean.ts';
import { BASE_METRICS, type BaseMetric, type Run } from '../types.ts';

/** Null where no `ok` run has a value. */
export type Averages = Record<BaseMetric, number | null>;

const UNITS = {
  runtimeSeconds: 'seconds',
  cpuPercent: 'percent',
  memoryMb: 'mb',
  apiLatencySeconds: 'seconds',
} as const satisfies Record<BaseMetric, string>;

/** The mean of each base metric over the `ok` runs that have it. */
export function averagesOf(runs: Run[]): Averages {
  const good = runs.filter(({ outcome }) => outcome === 'ok');
  const entries = BASE_METRICS.map(metric => {
    const values = good.flatMap(run => run[metric] ?? []);
    const average = mean(values);
    return [metric, average === null ? null : rounded(average, UNITS[metric])];
  });
  return Object.fromEntries(entries) as Averages;
}
