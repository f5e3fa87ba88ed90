import type { Trigger } from '../glossary/run.ts';
import type { ModuleSettings } from '../glossary/settings.ts';
import { inOrder } from './graph.ts';

/** A module that an iteration begins with, and why. */
export interface Due {
  module: string;
  trigger: Trigger;
}

/** One module of an iteration; `needs`: the modules of the same iteration that it comes after. */
export interface PlannedRun {
  module: string;
  trigger: Trigger;
  needs: string[];
}

/** The modules of one iteration, each after all that it needs. */
export type Plan = PlannedRun[];

export type RunState = 'running' | 'ok' | 'failed' | 'skipped';

/**
 * Plans one iteration: the due modules, and every module without a schedule that comes `after` others all of which are in the
 * plan. A module with a schedule runs only when it is due, after those of its `after` that are in the same plan.
 *
 * The order is that of the settings as far as `after` leaves it free. A module that is due twice keeps its first trigger; a name that
 * is no module (any more) plans nothing. The settings have been checked: a circle of `after` throws.
 */
export function planIteration(modules: readonly ModuleSettings[], due: readonly Due[]): Plan {
  const triggers = triggersOf(modules, due);
  const planned = modules.flatMap(({ name, after }) => {
    const trigger = triggers.get(name);
    return trigger === undefined ? [] : [{ name, trigger, needs: after.filter(each => triggers.has(each)) }];
  });
  return inOrder(planned).map(({ name, trigger, needs }) => ({ module: name, trigger, needs }));
}

/** Why each module of the plan runs. In the order of `after`, so that what follows a follower is found in one pass. */
function triggersOf(modules: readonly ModuleSettings[], due: readonly Due[]): Map<string, Trigger> {
  const triggers = new Map(due.toReversed().map(({ module, trigger }) => [module, trigger]));
  for (const { name, schedule, after } of inOrder(
    modules.map(module => ({ ...module, needs: module.after })),
  )) {
    const follows = schedule === null && after.length > 0 && after.every(each => triggers.has(each));
    if (follows && !triggers.has(name)) triggers.set(name, 'after');
  }
  return triggers;
}

/** What to do next in an iteration. */
export interface Steps {
  /** All that these need has succeeded. */
  start: PlannedRun[];
  /** Something that these need did not: the words say what. In the plan's order, one that waits for a skipped one after it. */
  skip: { run: PlannedRun; because: string }[];
  /** Nothing is running, and nothing is left to start once the skips are noted. */
  finished: boolean;
}

/**
 * The next steps of an iteration, given what has become of its modules so far (a module without a state has not been started).
 * Pure: the caller notes what it does in `state`, and asks again when a run has ended.
 */
export function nextSteps(plan: Plan, state: ReadonlyMap<string, RunState>): Steps {
  const states = new Map(state);
  const steps: Steps = { start: [], skip: [], finished: false };
  for (const run of plan) {
    if (states.has(run.module)) continue;
    const because = obstacle(run, states);
    if (because !== null) {
      steps.skip.push({ run, because });
      states.set(run.module, 'skipped');
    } else if (run.needs.every(name => states.get(name) === 'ok')) {
      steps.start.push(run);
    }
  }
  const over = (run: PlannedRun): boolean => states.has(run.module) && states.get(run.module) !== 'running';
  return { ...steps, finished: plan.every(over) };
}

function obstacle({ needs }: PlannedRun, states: ReadonlyMap<string, RunState>): string | null {
  for (const name of needs) {
    const state = states.get(name);
    if (state === 'failed') return `${name} failed`;
    if (state === 'skipped') return `${name} was skipped`;
  }
  return null;
}
