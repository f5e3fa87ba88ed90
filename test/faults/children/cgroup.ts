import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../helpers/until.ts';
import type { FaultContext } from '../fault.ts';
import { killNow } from './processes.ts';

const CONTROLLERS = {
  pids: { v1: 'pids.max', v2: 'pids.max' },
  memory: { v1: 'memory.limit_in_bytes', v2: 'memory.max' },
} as const;

let groups = 0;

/** A group of processes with a limit. */
export interface Group {
  /** A process joins by writing its number into it. */
  procs: string;
  members(): number[];
}

/** Makes a group with a limit (version 1 or 2 of cgroups), which is emptied afterwards; null where that cannot be done here. */
export function limitedGroup(
  context: FaultContext,
  controller: keyof typeof CONTROLLERS,
  limit: number,
): Group | null {
  for (const version of ['v1', 'v2'] as const) {
    const parent = version === 'v1' ? `/sys/fs/cgroup/${controller}` : '/sys/fs/cgroup';
    const folder = join(parent, `watchkeeper-fault-${process.pid}-${++groups}`);
    const file = join(folder, CONTROLLERS[controller][version]);
    if (!made(folder)) continue;
    const procs = join(folder, 'cgroup.procs');
    const members = (): number[] => readFileSync(procs, 'latin1').match(/\d+/g)?.map(Number) ?? [];
    context.after(() => removed(folder, members));
    if (!existsSync(file)) continue; // the controller is not handed down to here
    writeFileSync(file, String(limit));
    return { procs, members };
  }
  return null;
}

function made(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false; // not there, or not allowed, which is the answer
  }
}

/** What is still in it is killed: no new process may be made in there from now on, so that it ends. */
async function removed(folder: string, members: () => number[]): Promise<void> {
  const most = join(folder, 'pids.max');
  if (existsSync(most)) writeFileSync(most, '0');
  await until(`the group ${folder} is empty`, () => {
    for (const pid of members()) killNow(pid);
    return members().length === 0;
  });
  rmdirSync(folder);
}
