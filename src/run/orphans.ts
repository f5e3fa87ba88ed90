import { statSync } from 'node:fs';
import { type ProcessStat, readProcessStat } from '../process-identity.ts';
import { endTree } from './ending.ts';
import { findProcess, listProcesses } from './process-list.ts';
import { environmentOf } from './strays.ts';
import { family } from './tree.ts';
import { isOfLivingTrial, TRIAL_VARIABLE } from './trial-mark.ts';

/** A process that an earlier supervisor of this workspace had left running. */
export interface Orphan {
  pid: number;
  /** Run, and module or service, that it belonged to; null where a descendant has dropped that from its environment. */
  runId: string | null;
  name: string | null;
}

export interface OrphanOptions {
  /** From SIGTERM to SIGKILL; default 5 s. */
  graceMs?: number;
  warn(message: string): void;
}

/**
 * Ends what an earlier supervisor of this workspace, killed or crashed, has left running, and says what that was. Call
 * it at the start, holding the workspace, before the first child of one's own.
 *
 * Ours is a process of our own user, without a terminal, that was started with WATCHKEEPER_RUN_ID and with
 * WATCHKEEPER_DATA_DIR being this data folder, or that descends from such a one; never this process or one that it
 * descends from. The kernel keeps the environment that a process was started with, so this holds however it renames
 * itself or leaves its session. Each signal goes to the process that was recognised, not to a later one of the same
 * number. What a living `bench` has started is its own to end. Off Linux nothing can be recognised: nothing is ended, and the list
 * is empty.
 *
 * @param dataFolder as the children were given it: absolute, spelled in the same way
 */
export async function endOrphans(dataFolder: string, options: OrphanOptions): Promise<Orphan[]> {
  if (process.platform !== 'linux') return [];
  const orphans = new Orphans(dataFolder);
  if (orphans.living().length === 0) return [];
  const tree = {
    processes: () => orphans.living(),
    isOver: () => orphans.living().length === 0,
    over: NEVER,
  };
  const { survivors } = await endTree(tree, options.graceMs ?? 5_000);
  if (survivors.length > 0) options.warn(survivorsMessage(survivors.map(({ pid }) => pid)));
  return orphans.all();
}

const NEVER = new Promise<void>(() => {});

function survivorsMessage(pids: number[]): string {
  return `still running since an earlier start, and could not be ended: process ${pids.join(', ')}; end it by hand`;
}

/** All that were ever found: what they start while they are being ended belongs to them. */
class Orphans {
  readonly #dataFolder: string;
  readonly #found = new Map<number, { stat: ProcessStat; orphan: Orphan }>();

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder;
  }

  living(): ProcessStat[] {
    const known = alive([...this.#found.values()].map(({ stat }) => stat));
    const now = findOrphans(this.#dataFolder, known);
    for (const stat of now) {
      const isNew = this.#found.get(stat.pid)?.stat.startTime !== stat.startTime;
      if (isNew) this.#found.set(stat.pid, { stat, orphan: describe(stat.pid) });
    }
    return now;
  }

  all(): Orphan[] {
    return [...this.#found.values()].map(({ orphan }) => orphan);
  }
}

const alive = (all: ProcessStat[]): ProcessStat[] =>
  all.filter(({ pid, startTime }) => findProcess(pid)?.startTime === startTime);

function findOrphans(dataFolder: string, known: ProcessStat[]): ProcessStat[] {
  const all = listProcesses();
  const own = family(all, pid => pid === process.pid).map(({ pid }) => pid);
  const spared = new Set([...lineOf(process.pid), ...own]);
  const heads = new Set(known.map(({ pid }) => pid));
  for (const found of all) {
    if (!spared.has(found.pid) && isMarked(found, dataFolder)) heads.add(found.pid);
  }
  return family(all, pid => heads.has(pid)).filter(found => !spared.has(found.pid) && isOwn(found.pid));
}

/** Whoever tries a module by hand, with these variables set in a shell, has a terminal; nothing of ours has one. */
function isMarked(found: ProcessStat, dataFolder: string): boolean {
  if (found.terminal !== 0 || !isOwn(found.pid)) return false;
  const environment = environmentOf(found.pid);
  if (environment?.get('WATCHKEEPER_DATA_DIR') !== dataFolder || !environment.has('WATCHKEEPER_RUN_ID'))
    return false;
  return !isOfLivingTrial(environment.get(TRIAL_VARIABLE));
}

function isOwn(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid?.();
  } catch {
    return false; // has ended
  }
}

/** A process and those that it descends from. */
function lineOf(pid: number): number[] {
  const line: number[] = [];
  for (let next = pid; next > 0 && !line.includes(next); next = readProcessStat(next)?.parent ?? 0)
    line.push(next);
  return line;
}

function describe(pid: number): Orphan {
  const environment = environmentOf(pid);
  return {
    pid,
    runId: environment?.get('WATCHKEEPER_RUN_ID') ?? null,
    name: environment?.get('WATCHKEEPER_MODULE') ?? null,
  };
}
