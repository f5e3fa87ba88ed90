import { messageOf } from '../errors.ts';
import type { AnomalyEvent } from '../glossary/event.ts';
import type { ClosedIteration } from '../glossary/iteration.ts';
import type { Reporter } from '../glossary/reporter.ts';
import type { Run } from '../glossary/run.ts';
import type { ModuleSettings, Settings } from '../glossary/settings.ts';
import { nextSteps, type PlannedRun, type RunState } from '../plan/iteration.ts';
import { attempt, skip, type Task } from './attempt.ts';
import type { Ports, Surroundings } from './ports.ts';

/** However often the delay before a retry has been doubled. */
const LONGEST_PAUSE_MS = 86_400_000;

/** Runs a plan to its end: what is ready in parallel, what comes after in its turn, failures again as often as allowed. */
export async function runIteration(
  ports: Ports,
  settings: Settings,
  started: { iteration: number; startedAt: string },
  plan: PlannedRun[],
  surroundings: Surroundings,
): Promise<ClosedIteration> {
  const { iteration, startedAt } = started;
  const revision = await ports.revision();
  const runs: Run[] = [];
  const events: AnomalyEvent[] = [];
  const state = new Map<string, RunState>();
  /** Still running in an earlier iteration, and what comes after those: this iteration goes without them. */
  const missed = new Set<string>();
  const note = (ended: { run: Run; events: AnomalyEvent[] }): void => {
    runs.push(ended.run);
    events.push(...ended.events);
  };
  const taskOf = (planned: PlannedRun): Task => ({
    module: moduleNamed(settings, planned.module),
    iteration,
    trigger: planned.trigger,
    revision,
  });

  const advance = async (): Promise<void> => {
    if (surroundings.stopping()) return;
    const steps = nextSteps(plan, state);
    const skipped = steps.skip.map(async ({ run, because }) => {
      state.set(run.module, 'skipped');
      if (run.needs.some(name => missed.has(name))) missed.add(run.module);
      else note(await skip(ports, settings, taskOf(run), because, surroundings));
    });
    const ready = steps.start.map(planned => {
      state.set(planned.module, 'running');
      return planned;
    });
    await allSettledOrThrow([...skipped, ...ready.map(runPlanned)], ports.reporter);
  };
  const runPlanned = async (planned: PlannedRun): Promise<void> => {
    const outcome = await runModule(ports, settings, taskOf(planned), surroundings, note);
    if (outcome === 'skipped') missed.add(planned.module);
    state.set(planned.module, outcome);
    await advance();
  };

  await advance();
  const place = (run: Run): number => plan.findIndex(({ module }) => module === run.module);
  runs.sort((a, b) => place(a) - place(b) || a.attempt - b.attempt);
  const endedAt = new Date(ports.clock.now()).toISOString();
  return {
    iteration,
    startedAt,
    endedAt,
    runs,
    events,
    openIncidents: surroundings.openIncidents(),
    notStarted: plan.filter(({ module }) => !state.has(module)).map(({ module }) => module),
  };
}

/** One module with its retries. */
async function runModule(
  ports: Ports,
  settings: Settings,
  task: Task,
  surroundings: Surroundings,
  note: (ended: { run: Run; events: AnomalyEvent[] }) => void,
): Promise<RunState> {
  const { name, retries, retryDelayMs } = task.module;
  if (!surroundings.enter(name)) return 'skipped';
  try {
    for (let number = 1; ; number += 1) {
      const ended = await attempt(ports, settings, task, number, surroundings);
      note(ended);
      if (ended.run.outcome === 'ok') return 'ok';
      if (ended.permanent || number > retries || surroundings.stopping()) return 'failed';
      await surroundings.pause(Math.min(retryDelayMs * 2 ** (number - 1), LONGEST_PAUSE_MS));
      if (surroundings.stopping()) return 'failed';
    }
  } finally {
    surroundings.leave(name);
  }
}

/** Waits for all, so that nothing runs on unattended, and then throws what the first that failed threw; the others are told. */
async function allSettledOrThrow(promises: Promise<void>[], { warn }: Pick<Reporter, 'warn'>): Promise<void> {
  const results = await Promise.allSettled(promises);
  const reasons = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []));
  for (const other of new Set(reasons.slice(1))) if (other !== reasons[0]) warn(messageOf(other));
  if (reasons.length > 0) throw reasons[0];
}

function moduleNamed(settings: Settings, name: string): ModuleSettings {
  const found = settings.modules.find(module => module.name === name);
  if (found === undefined) throw new Error(`no module ${name} in the plan's own settings`);
  return found;
}
