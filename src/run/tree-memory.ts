import { isLivingState, type ProcessStat, readProcessStat } from '../process-identity.ts';
import { readProcFile } from './proc-file.ts';
import { descendants } from './tree.ts';
import { privateBytes } from './watched-process.ts';

/**
 * Resident memory of a process tree at this moment: a look of a fraction of a millisecond, for what runs for months and is not metered.
 *
 * @param countRoot whether the root counts: the command itself, rather than its keeper
 * @returns null where nothing of it is there, and off Linux
 */
export function treeMemoryBytes(root: number, countRoot: boolean): number | null {
  if (process.platform !== 'linux') return null;
  const head = countRoot ? readProcessStat(root) : null;
  const all = head !== null && isLivingState(head.state) ? [head, ...descendants(root)] : descendants(root);
  const sizes = all.map(bytesOf).filter(bytes => bytes !== null);
  return sizes.length === 0 ? null : sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** Of a forked copy of its parent only the pages that it has changed: the others are counted there. */
function bytesOf({ pid, forked }: ProcessStat): number | null {
  const own = forked ? privateBytes(pid) : null;
  if (own !== null) return own;
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readProcFile(`/proc/${pid}/status`) ?? '') ?? [];
  return kilobytes === undefined ? null : 1024 * Number(kilobytes);
}
