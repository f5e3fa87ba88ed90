import type { AnomalyEvent } from '../glossary/event.ts';
import type { Judgement, ModuleState } from '../glossary/judgement.ts';
import type { Run } from '../glossary/run.ts';

/** The mean of the baseline that was set for a metric; null where none was. */
export type FixedMean = (module: string, metric: string) => number | null;

/**
 * Judges one run by the state before it, as the loop does; the module's name is in the run. Baselines that were set are taken from the
 * store in use, unless they are given: while that store is made or replaced it cannot be asked.
 */
export type Judge = (state: ModuleState, run: Run, fixedMean?: FixedMean) => Judgement;

/** Judges the runs of one module again, from the first on. @returns the state after the last, and all events */
export function judgeAll(runs: Run[], judge: Judge, fixedMean?: FixedMean): Judgement {
  let state: ModuleState = {};
  const events: AnomalyEvent[] = [];
  for (const run of runs) {
    const judgement = judge(state, run, fixedMean);
    state = judgement.state;
    events.push(...judgement.events);
  }
  return { state, events };
}
