import { BASE_METRICS, COUNTED_METRICS, type Direction } from '../types.ts';

/** What a module may report of how good its results are; and how much it gets done. */
const LESS_IS_WORSE = ['accuracy', 'precision', 'recall', 'f1Score', 'samplesPerSecond'];

const MORE_IS_WORSE: readonly string[] = [
  ...BASE_METRICS,
  'setupSeconds',
  'cleanupSeconds',
  ...COUNTED_METRICS,
];

/** On which side of its baseline a metric is worse; null for a custom one of which nobody knows. */
export function worseWhen(metric: string): Direction | null {
  if (LESS_IS_WORSE.includes(metric)) return 'below';
  return MORE_IS_WORSE.includes(metric) ? 'above' : null;
}
