import { join } from 'node:path';
import { CLOCK } from './clock.ts';
import { readRevision } from './git/read-revision.ts';
import { prepareFolders } from './store/folders.ts';
import { deadSessions, openSession } from './trials/session.ts';
import { type Trial, Trials } from './trials/trials.ts';
import type { ModuleSettings, Run } from './types.ts';

/** So many failures in a row are no bad luck: the rest would fail, too. */
const MOST_FAILURES = 3;

export interface BenchRequest {
  /** The workspace, absolute. */
  root: string;
  module: ModuleSettings;
  runs: number;
  warmup: number;
}

export interface BenchPorts {
  env: NodeJS.ProcessEnv;
  stop: AbortSignal;
  warn(message: string): void;
  /** After each run; `number` counts those of the warm-up, too. */
  onRun(trial: Trial, number: number): void;
}

export interface BenchRuns {
  time: string;
  revision: string | null;
  /** Those that count. */
  runs: Run[];
  /** Ended before all of them: by a signal, or because one after the other failed. */
  isCut: boolean;
}

/**
 * Runs a module again and again, one run after the other. Nothing of it gets into the history, and no supervisor is needed or in the way.
 *
 * @throws WatchkeeperError 'file'
 */
export async function runBench(request: BenchRequest, ports: BenchPorts): Promise<BenchRuns> {
  const { data } = prepareFolders(request.root);
  for (const session of deadSessions(null)) session.remove();
  const session = openSession('bench', null);
  const time = new Date(CLOCK.now()).toISOString();
  try {
    const revision = await readRevision(request.root);
    const trials = new Trials({ ...ports, reports: join(session.folder, 'runs') });
    const runs = await runAll(trials, request, { data, revision }, ports);
    const counted = runs.slice(request.warmup);
    return { time, revision, runs: counted, isCut: counted.length < request.runs };
  } finally {
    session.remove();
  }
}

async function runAll(
  trials: Trials,
  { module, runs, warmup }: BenchRequest,
  place: { data: string; revision: string | null },
  { stop, onRun }: BenchPorts,
): Promise<Run[]> {
  const done: Run[] = [];
  for (let number = 1; number <= warmup + runs; number++) {
    const trial = await trials.run(module, { ...place, iteration: number });
    if (trial === null || stop.aborted) break;
    done.push(trial.run);
    onRun(trial, number);
    const last = done.slice(-MOST_FAILURES);
    if (last.length === MOST_FAILURES && last.every(({ outcome }) => outcome !== 'ok')) break;
  }
  return done;
}
