import type { Run } from '../types.ts';

/** A metric of a run: one that every run has, or a custom one; null where it has no value. */
export function valueIn(run: Run, metric: string): number | null {
  const own = Object.hasOwn(run, metric) ? run[metric as keyof Run] : null;
  const custom = Object.hasOwn(run.custom, metric) ? run.custom[metric] : null;
  const value = typeof own === 'number' ? own : custom;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
