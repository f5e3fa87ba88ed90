import { isLivingState, type ProcessStat, readProcessStat } from '../process-identity.ts';
import { numbersIn, readProcFile } from './proc-file.ts';
import { listProcesses } from './process-list.ts';

/**
 * The living processes below a process, parents before their children; without the process itself and without
 * zombies. What changes while we look may be missed: whoever needs all of them looks again until none is left.
 */
export function descendants(root: number): ProcessStat[] {
  if (!hasChildrenFiles())
    return family(listProcesses(), pid => pid === root).filter(found => found.pid !== root);
  const seen = new Set([root]);
  const found: ProcessStat[] = [];
  for (const parent of seen) {
    for (const pid of childPids(parent)) {
      const stat = seen.has(pid) ? null : readProcessStat(pid);
      // Between the list and the look the child may have ended and its number may have been given to a stranger.
      if (stat === null || !seen.has(stat.parent)) continue;
      seen.add(pid);
      if (isLivingState(stat.state)) found.push(stat);
    }
  }
  return found;
}

/** Of all processes those that `isRoot` names, and all that descend from them. */
export function family(all: readonly ProcessStat[], isRoot: (pid: number) => boolean): ProcessStat[] {
  const byParent = Map.groupBy(all, found => found.parent);
  const members = new Set(all.filter(found => isRoot(found.pid)));
  for (const member of members) {
    for (const child of byParent.get(member.pid) ?? []) members.add(child);
  }
  return [...members];
}

/** Process ids of the children of a process: each of its threads has a list of its own. */
export function childPids(pid: number): number[] {
  return numbersIn(`/proc/${pid}/task`).flatMap(thread => childPidsOfThread(pid, thread));
}

/** As `childPids`, for one thread; a process with one thread has that of its own number. */
export function childPidsOfThread(pid: number, thread: number): number[] {
  const text = readProcFile(`/proc/${pid}/task/${thread}/children`);
  return text === null || text === '' ? [] : text.trim().split(' ').map(Number);
}

let childrenFiles: boolean | null = null;

/** Kernels may be built without these lists (CONFIG_PROC_CHILDREN). */
function hasChildrenFiles(): boolean {
  childrenFiles ??= readProcFile(`/proc/${process.pid}/task/${process.pid}/children`) !== null;
  return childrenFiles;
}
