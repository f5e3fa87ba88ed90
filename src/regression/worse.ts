/** Which way a metric gets worse; null where only its user knows. */
export type WorseWhen = 'more' | 'less' | null;

/** What a model is judged by: its threshold is a setting of its own. */
export const QUALITY_METRICS: readonly string[] = ['accuracy', 'precision', 'recall', 'f1Score'];

const BETTER_WHEN_MORE = [...QUALITY_METRICS, 'samplesPerSecond', 'diskFreeMb', 'memoryFreeMb'];
/** The last word of a name, in either way to write names, and names that are one word. */
const WORSE_WHEN_MORE = [
  /[a-z0-9](?:Seconds|Ms|Mb|Bytes|Percent|Latency|Errors|Failures|Switches)$/,
  /_(?:seconds|ms|mb|bytes|percent|latency|errors|failures|switches)$/,
  /^(?:runtime|memory|cpu|latency|seconds|bytes|errors|failures)$/,
];

/**
 * Which way a metric gets worse, by its name: quality and throughput when less, times, memory, load and errors when more.
 *
 * @param metric without its module: `runtimeSeconds`, `accuracy`
 * @example worseWhen('rowsCollected') // null: more rows may be good or bad
 */
export function worseWhen(metric: string): WorseWhen {
  if (BETTER_WHEN_MORE.includes(metric) || metric.endsWith('PerSecond')) return 'less';
  return WORSE_WHEN_MORE.some(ending => ending.test(metric)) ? 'more' : null;
}
