import type { Direction } from '../glossary/event.ts';

/** What a module may report of how good its results are. */
export const QUALITY_METRICS: readonly string[] = ['accuracy', 'precision', 'recall', 'f1Score'];

const LESS_IS_WORSE = [
  ...QUALITY_METRICS,
  'samplesPerSecond',
  'diskFreeMb',
  'memoryAvailableMb',
  'memoryFreeMb',
];

/** The last word of a name, in either way to write names, and names that are one word. */
const MORE_IS_WORSE = [
  /[a-z0-9](?:Seconds|Ms|Mb|Bytes|Percent|Latency|Errors|Failures|Switches)$/,
  /_(?:seconds|ms|mb|bytes|percent|latency|errors|failures|switches)$/,
  /^(?:runtime|memory|cpu|latency|seconds|bytes|errors|failures)$/,
];

/**
 * On which side of its baseline a metric is worse, by its name: quality and throughput below, times, memory, load and errors above.
 *
 * @param metric without its module: `runtimeSeconds`, `accuracy`
 * @returns null for a metric of which only its user knows
 * @example worseWhen('rowsCollected') // null: more rows may be good or bad
 */
export function worseWhen(metric: string): Direction | null {
  if (LESS_IS_WORSE.includes(metric) || metric.endsWith('PerSecond')) return 'below';
  return MORE_IS_WORSE.some(ending => ending.test(metric)) ? 'above' : null;
}
