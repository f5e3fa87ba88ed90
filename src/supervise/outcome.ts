import type { ChildResult } from '../glossary/child.ts';
import type { Outcome, ReportedMetrics, Run, StartedRun } from '../glossary/run.ts';
import type { ModuleSettings } from '../glossary/settings.ts';
import { roundedRun } from '../rounding.ts';
import { phasesOf, wasClockSet } from './phases.ts';

/** The record of a run that has ended: rounded here, so that it is judged by the same figures that are stored and shown. */
export function endedRun(
  started: StartedRun,
  result: ChildResult,
  reported: ReportedMetrics,
  module: ModuleSettings,
): Run {
  return roundedRun({
    ...started,
    startedAt: new Date(result.startedAtMs).toISOString(),
    endedAt: new Date(endOf(result)).toISOString(),
    outcome: outcomeOf(result),
    exitCode: result.exitCode,
    signal: result.signal,
    runtimeSeconds: result.runtimeSeconds,
    cpuSeconds: result.cpuSeconds,
    cpuPercent: cpuPercent(result),
    memoryMb: result.memoryMb,
    apiLatencySeconds: reported.apiLatencySeconds,
    api: reported.api,
    ...phasesOf(result, reported),
    diskReadMb: result.diskReadMb,
    diskWrittenMb: result.diskWrittenMb,
    contextSwitches: result.contextSwitches,
    custom: reported.custom,
    labels: reported.labels,
    reason: reasonOf(result, module),
  });
}

/** The record of a module that was not started: because of a module before it, or of a supervisor that was killed. */
export function unmeasuredRun(
  started: StartedRun,
  outcome: 'skipped' | 'killed',
  endedAt: string,
  reason: string,
): Run {
  return {
    ...started,
    endedAt,
    outcome,
    exitCode: null,
    signal: null,
    runtimeSeconds: null,
    cpuSeconds: null,
    cpuPercent: null,
    memoryMb: null,
    apiLatencySeconds: null,
    api: null,
    setupSeconds: null,
    cleanupSeconds: null,
    samplesPerSecond: null,
    diskReadMb: null,
    diskWrittenMb: null,
    contextSwitches: null,
    custom: {},
    labels: {},
    reason,
  };
}

/**
 * Start and runtime give the end to the millisecond, as it is shown; the moment at which we came to hear of it is later. Where
 * the wall clock was set meanwhile only that moment is of any use.
 */
function endOf(result: ChildResult): number {
  return wasClockSet(result)
    ? result.endedAtMs
    : result.startedAtMs + Math.round(result.runtimeSeconds * 1000);
}

function outcomeOf(result: ChildResult): Outcome {
  if (result.startError !== null) return 'error';
  if (result.timedOut) return 'timeout';
  if (result.stopped || result.signal !== null) return 'killed';
  return result.exitCode === 0 ? 'ok' : 'error';
}

function cpuPercent(result: ChildResult): number | null {
  if (result.cpuSeconds === null || result.runtimeSeconds <= 0) return null;
  return (result.cpuSeconds / result.runtimeSeconds) * 100;
}

function reasonOf(result: ChildResult, module: ModuleSettings): string | null {
  if (result.startError !== null) return result.startError.message;
  if (result.timedOut) return `ended after its timeout of ${(module.timeoutMs ?? 0) / 1000} s`;
  if (result.stopped) return 'ended because the supervisor stopped';
  if (result.signal !== null) return `ended by ${result.signal}`;
  if (result.exitCode !== 0) return `exit code ${result.exitCode}`;
  return null;
}
