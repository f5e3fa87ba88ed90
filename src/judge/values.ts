import { BASE_METRICS, type Run } from '../types.ts';

/**
 * The metrics of a run that have a finite value: base ones first, then its custom ones in their own order. A custom metric with
 * the name of a base metric is passed over.
 */
export function metricValues(run: Run): [metric: string, value: number][] {
  const base = BASE_METRICS.map(metric => [metric, run[metric]] as const);
  const names = new Set<string>(BASE_METRICS);
  const custom = Object.entries(run.custom).filter(([metric]) => !names.has(metric));
  return [...base, ...custom].flatMap(([metric, value]) =>
    typeof value === 'number' && Number.isFinite(value) ? [[metric, value]] : [],
  );
}
