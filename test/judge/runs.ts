import type { Rule } from '../../src/glossary/detection-settings.ts';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { ModuleState } from '../../src/glossary/judgement.ts';
import type { Run } from '../../src/glossary/run.ts';
import { incidentIdOf } from '../../src/judge/incident-id.ts';
import { judgeRun } from '../../src/judge.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';

export const RULE: Rule = { thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0.05 };

/** A run of a module that took one second, but for what is said otherwise. */
export function runOf(number: number, parts: Partial<Run> = {}): Run {
  const id = `01JD00${String(number).padStart(4, '0')}0000000000000000`;
  const second = String(number % 60).padStart(2, '0');
  return {
    id,
    module: 'collector',
    iteration: number,
    trigger: 'schedule',
    attempt: 1,
    startedAt: `2026-11-20T12:00:${second}.000Z`,
    endedAt: `2026-11-20T12:00:${second}.900Z`,
    outcome: 'ok',
    exitCode: 0,
    signal: null,
    runtimeSeconds: null,
    cpuSeconds: null,
    cpuPercent: null,
    memoryMb: null,
    apiLatencySeconds: null,
    api: null,
    ...NOTHING_FURTHER,
    custom: {},
    revision: null,
    reason: null,
    ...parts,
  };
}

/** Judges runs one after the other, each with the state that the one before left. */
export function judgeAll(
  runs: Run[],
  ruleFor: (metric: string, run: Run) => Rule | null = () => RULE,
  from: ModuleState = {},
): { state: ModuleState; events: AnomalyEvent[] } {
  let state = from;
  const events = runs.flatMap(run => {
    const judgement = judgeRun(
      state,
      run,
      metric => ruleFor(metric, run),
      ({ id }, metric) => incidentIdOf(id, metric),
    );
    state = judgement.state;
    return judgement.events;
  });
  return { state, events };
}

/** Runs with these runtimes; null for a run without a value. */
export function runtimes(...seconds: (number | null)[]): Run[] {
  return seconds.map((runtimeSeconds, index) => runOf(index + 1, { runtimeSeconds }));
}

/** `anomaly 0`, `recovered 2`: the events with their `runsOpen`. */
export function told(events: AnomalyEvent[]): string[] {
  return events.map(({ event, runsOpen }) => `${event} ${runsOpen}`);
}
