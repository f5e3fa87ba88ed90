import { durationText } from '../duration-text.ts';
import { quantile } from '../stats/quantile.ts';
import { usualDuration } from './durations.ts';
import type { Change } from './finding.ts';

/** The longest that `watchkeeper.yaml` takes. */
const LONGEST_MS = 20 * 86_400_000;
const SHORTEST_MS = 60_000;

/** What is known of the runtimes of a module, in seconds. */
export interface Runtimes {
  medianSeconds: number;
  p99Seconds: number;
  maxSeconds: number;
}

/** Null for no runtimes. */
export function runtimesOf(seconds: readonly number[]): Runtimes | null {
  const [medianSeconds, p99Seconds] = [quantile(seconds, 0.5), quantile(seconds, 0.99)];
  if (medianSeconds === null || p99Seconds === null) return null;
  return { medianSeconds, p99Seconds, maxSeconds: Math.max(...seconds) };
}

/**
 * A timeout that no healthy run comes near to, and that still ends one that hangs: five times the p99, three times the longest run
 * that was seen, a minute at least (a busy machine makes short runs many times as long).
 */
export function generousTimeout({ p99Seconds, maxSeconds }: Runtimes): { text: string; ms: number } | null {
  const wantedMs = Math.max(5_000 * p99Seconds, 3_000 * maxSeconds, SHORTEST_MS);
  return wantedMs > LONGEST_MS ? null : usualDuration(wantedMs);
}

export function timeoutChange(module: string, fromMs: number | null, to: string): Change {
  const from = fromMs === null ? null : durationText(fromMs);
  return { path: ['modules', module, 'timeout'], from, to };
}
