import type { ProcessStat } from '../process-identity.ts';
import type { KnownProcess } from './meter.ts';
import { sendSignal } from './signals.ts';
import { settles } from './waiting.ts';

/** A tree of processes as far as ending it needs to know. */
export interface EndingTree {
  processes(): ProcessStat[];
  isOver(): boolean;
  /** Resolves when it is over, or never where nobody can tell. */
  over: Promise<void>;
}

export interface Ending {
  /** Processes that were told to end. */
  told: number;
  /** Processes that were still there when the grace was over. */
  killed: number;
  /** False where even SIGKILL did not help, or where nobody can say any more that it did. */
  over: boolean;
  /** Processes that SIGKILL did not end: another user's, or stuck in the kernel. */
  survivors: KnownProcess[];
}

/** For so long SIGKILL is repeated. Longer only helps against a system that is nearly standing still. */
const KILL_LIMIT_MS = 5_000;

/**
 * Ends a tree: SIGTERM to each of its processes, exactly once, and after the grace SIGKILL to all that are left, again
 * and again until none is.
 *
 * Processes that are started during the grace are let be: they belong to the cleaning up of those that were told.
 * Signals go to single processes rather than to groups, as a second SIGTERM means "at once" to many programs.
 */
export async function endTree(tree: EndingTree, graceMs: number): Promise<Ending> {
  const told = tellAll(tree);
  if (await isOverWithin(tree, graceMs)) return { told, killed: 0, over: true, survivors: [] };
  return { told, ...(await killAll(tree)) };
}

/**
 * Looks several times: a process that forks while we look escapes a single list, and is nobody's child if its parent has
 * ended by then. What a process starts that was told already, and lives, is its cleaning up.
 */
function tellAll(tree: EndingTree): number {
  const seen = new Set<string>();
  const family = new Set<number>();
  let told = 0;
  for (let pass = 0; pass < 3; pass++) {
    const fresh = tree.processes().filter(found => !seen.has(keyOf(found)));
    for (const found of fresh) {
      const cleansUp = pass > 0 && family.has(found.parent);
      seen.add(keyOf(found));
      family.add(found.pid);
      if (cleansUp) continue;
      told++;
      sendSignal(found, 'SIGTERM');
      if (found.state === 'T') sendSignal(found, 'SIGCONT'); // a stopped process does not hear it
    }
    if (fresh.length === 0) break;
  }
  return told;
}

async function killAll(tree: EndingTree): Promise<Omit<Ending, 'told'>> {
  const killed = new Set<string>();
  const deadline = performance.now() + KILL_LIMIT_MS;
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 100)) {
    const left = tree.processes();
    for (const found of left) {
      killed.add(keyOf(found));
      sendSignal(found, 'SIGKILL');
    }
    if (await isOverWithin(tree, waitMs)) return { killed: killed.size, over: true, survivors: [] };
    if (performance.now() > deadline)
      return { killed: killed.size, over: false, survivors: tree.processes() };
  }
}

/** Asks by itself, ever more rarely, as not every tree tells when it is over. */
async function isOverWithin(tree: EndingTree, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 100)) {
    if (tree.isOver()) return true;
    const restMs = deadline - performance.now();
    if (restMs <= 0) return false;
    await settles(tree.over, Math.min(waitMs, restMs));
  }
}

const keyOf = (known: KnownProcess): string => `${known.pid} ${known.startTime}`;
