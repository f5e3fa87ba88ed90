import type { ProcessStat } from '../process-identity.ts';
import type { KnownProcess } from './meter.ts';
import { readProcFile } from './proc-file.ts';
import { listProcesses } from './process-list.ts';
import { family } from './tree.ts';

/** By what a process is recognised as one of a run whose head no longer holds its tree together. */
export interface RunMarks {
  /** Led the session and the process group of the run; may have ended. */
  head: KnownProcess;
  /** Value of WATCHKEEPER_RUN_ID in its environment; null where it had none. */
  runId: string | null;
  known: readonly KnownProcess[];
}

/**
 * The living processes of a run that may have lost their head: those of its session, those with its run id in their
 * environment (a daemon that left the session still has that), those that were seen in its tree before, and the
 * descendants of all these.
 */
export function findStrays({ head, runId, known }: RunMarks): ProcessStat[] {
  const all = listProcesses();
  const startTimes = new Map([...known, head].map(({ pid, startTime }) => [pid, startTime]));
  // A session keeps its number from being given away while it has members. If another process has it, none is left.
  const isSessionOver = all.some(found => found.pid === head.pid && found.startTime !== head.startTime);
  const isMarked = (found: ProcessStat): boolean =>
    startTimes.get(found.pid) === found.startTime ||
    (found.session === head.pid && !isSessionOver) ||
    carries(found.pid, runId);
  const marked = new Set(
    all.filter(found => found.pid !== process.pid && isMarked(found)).map(({ pid }) => pid),
  );
  return family(all, pid => marked.has(pid));
}

function carries(pid: number, runId: string | null): boolean {
  return runId !== null && environmentOf(pid)?.get('WATCHKEEPER_RUN_ID') === runId;
}

/** The environment that a process was started with; null where it is not ours to see, and off Linux. */
export function environmentOf(pid: number): Map<string, string> | null {
  const text = readProcFile(`/proc/${pid}/environ`);
  if (text === null) return null;
  const decoded = Buffer.from(text, 'latin1').toString('utf8');
  return new Map(decoded.split('\0').map(entry => split(entry, entry.indexOf('='))));
}

const split = (entry: string, at: number): [string, string] => [entry.slice(0, at), entry.slice(at + 1)];
