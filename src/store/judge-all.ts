import type { AnomalyEvent, Judgement, ModuleState, Run } from '../types.ts';

/** Judges one run by the state before it, as the loop does; the module's name is in the run. */
export type Judge = (state: ModuleState, run: Run) => Judgement;

/** Judges the runs of one module again, from the first on. @returns the state after the last, and all events */
export function judgeAll(runs: Run[], judge: Judge): Judgement {
  let state: ModuleState = {};
  const events: AnomalyEvent[] = [];
  for (const run of runs) {
    const judgement = judge(state, run);
    state = judgement.state;
    events.push(...judgement.events);
  }
  return { state, events };
}
