import { WatchkeeperError } from '../errors.ts';
import type { AnomalyEvent } from '../glossary/event.ts';
import type { Run, StartedRun, Trigger } from '../glossary/run.ts';
import type { ModuleSettings, Settings } from '../glossary/settings.ts';
import { incidentIdOf } from '../judge/incident-id.ts';
import { judgeRun } from '../judge.ts';
import { endedRun, unmeasuredRun } from './outcome.ts';
import type { Ports, Surroundings } from './ports.ts';

/** Which module is to run, in which iteration, and why. */
export interface Task {
  module: ModuleSettings;
  iteration: number;
  trigger: Trigger;
  revision: string | null;
}

export interface Attempt {
  run: Run;
  events: AnomalyEvent[];
  /** No further attempt can help. */
  permanent: boolean;
}

/** One execution of one module: begun in the store, run, metered, judged, recorded. */
export async function attempt(
  ports: Ports,
  settings: Settings,
  task: Task,
  number: number,
  surroundings: Pick<Surroundings, 'onChild' | 'pause' | 'stopping'>,
): Promise<Attempt> {
  const started = startedRun(ports, task, number);
  const launch = ports.launch(task.module, started); // may fail: then nothing was begun
  ports.history.beginRun(started);
  const child = ports.runner.start(launch.spec);
  surroundings.onChild(task.module.name, child);
  const result = await child.ended;
  const run = endedRun(started, result, await launch.collect(), task.module);
  if (result.leftovers > 0) {
    const count = `${result.leftovers} process(es)`;
    ports.reporter.warn(`${run.module} left ${count} running when it ended: they were ended with it`);
  }
  const events = await recordInTheEnd(ports, settings, run, surroundings);
  return { run, events, permanent: result.startError?.permanent ?? false };
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** A run that has happened is not given up because the disk is full: it is kept, and recorded once there is room. */
async function recordInTheEnd(
  ports: Ports,
  settings: Settings,
  run: Run,
  { pause, stopping }: Pick<Surroundings, 'pause' | 'stopping'>,
): Promise<AnomalyEvent[]> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
    const isLast = stopping();
    try {
      return record(ports, settings, run);
    } catch (error) {
      if (!(error instanceof WatchkeeperError) || error.permanent) throw error;
      if (isLast)
        throw new WatchkeeperError(
          'unrecorded',
          `a run of ${run.module} could not be recorded: ${error.message}`,
        );
      if (waitMs === FIRST_RETRY_MS) {
        ports.reporter.warn(
          `a run of ${run.module} cannot be recorded yet, and is kept until it can: ${error.message}`,
        );
      }
      await pause(waitMs);
    }
  }
}

/** A module that is not started because one before it did not succeed. */
export async function skip(
  ports: Ports,
  settings: Settings,
  task: Task,
  because: string,
  surroundings: Pick<Surroundings, 'pause' | 'stopping'>,
): Promise<Attempt> {
  const started = startedRun(ports, task, 1);
  const run = unmeasuredRun(started, 'skipped', started.startedAt, because);
  return { run, events: await recordInTheEnd(ports, settings, run, surroundings), permanent: true };
}

/** Judges a run and writes it with its verdicts in one transaction; only then anybody is told of it. */
export function record(ports: Ports, settings: Settings, run: Run): AnomalyEvent[] {
  const ruleFor = (metric: string) => ports.ruleFor(settings.detection, run.module, metric);
  const idOf = ({ id }: Run, metric: string): string => incidentIdOf(id, metric);
  const judgement =
    run.outcome === 'ok' ? judgeRun(ports.history.moduleState(run.module), run, ruleFor, idOf) : null;
  if (judgement === null) {
    ports.history.recordRun(run, null);
    ports.reporter.runEnded(run, []);
    return [];
  }
  const { events, changes } = ports.assess(run, judgement.events, settings.detection);
  ports.history.recordRun(run, { ...judgement, events }, changes);
  ports.reporter.runEnded(run, [...events, ...changes]);
  return events;
}

function startedRun(ports: Ports, task: Task, number: number): StartedRun {
  return {
    id: ports.newId(),
    module: task.module.name,
    iteration: task.iteration,
    trigger: number === 1 ? task.trigger : 'retry',
    attempt: number,
    startedAt: new Date(ports.clock.now()).toISOString(),
    revision: task.revision,
  };
}
