import type { ChildResult } from '../glossary/child.ts';
import type { Mark, ReportedMetric, ReportedMetrics } from '../glossary/run.ts';

type Phases = Record<ReportedMetric, number | null>;

/** Farther apart the wall clock and the runtime are only where the clock was set, or the machine slept. */
const LARGEST_DELAY_MS = 2_000;

/**
 * What a module's marks and numbers make of its run: setup, cleanup, throughput.
 *
 * A mark has the time of the module's own wall clock. It is placed by the moment at which we came to hear of the command's end, and
 * by the runtime before it, which does not hold the milliseconds that starting the command takes. A number that the module gave
 * itself counts before a mark: it knows better. A mark that lies outside the run, or a clock that was set meanwhile, gives nothing.
 */
export function phasesOf(result: ChildResult, { own, marks, custom }: ReportedMetrics): Phases {
  const setupSeconds = own.setupSeconds ?? untilMark(result, marks, 'setup-end');
  const untilCleanup = untilMark(result, marks, 'cleanup-start');
  const cleanupSeconds =
    own.cleanupSeconds ?? (untilCleanup === null ? null : result.runtimeSeconds - untilCleanup);
  const workSeconds = result.runtimeSeconds - (setupSeconds ?? 0) - (cleanupSeconds ?? 0);
  const samplesPerSecond = own.samplesPerSecond ?? perSecond(custom['samplesProcessed'], workSeconds);
  return { setupSeconds, cleanupSeconds, samplesPerSecond };
}

/** Seconds from the start to the mark; those that are out by less than a delay belong to the run's ends. */
function untilMark(result: ChildResult, marks: ReportedMetrics['marks'], mark: Mark): number | null {
  const timeMs = marks[mark];
  const runtimeMs = result.runtimeSeconds * 1000;
  if (timeMs === null || wasClockSet(result)) return null;
  const offsetMs = timeMs - (result.endedAtMs - runtimeMs);
  if (offsetMs < -LARGEST_DELAY_MS || offsetMs > runtimeMs + LARGEST_DELAY_MS) return null;
  return Math.min(Math.max(offsetMs, 0), runtimeMs) / 1000;
}

/** Whether the wall clock says something else of a run than the clock that cannot jump. */
export function wasClockSet({ startedAtMs, endedAtMs, runtimeSeconds }: ChildResult): boolean {
  return Math.abs(endedAtMs - startedAtMs - Math.round(runtimeSeconds * 1000)) >= LARGEST_DELAY_MS;
}

function perSecond(samples: number | undefined, seconds: number): number | null {
  return samples === undefined || samples < 0 || seconds <= 0 ? null : samples / seconds;
}
