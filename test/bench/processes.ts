import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readProcessStat } from '../../src/process-identity.ts';
import { cleanedUpAtLast } from './leftovers.ts';

/** As `npm start`, `npx watchkeeper` and the files in deploy/ start it. */
export const SUPERVISOR = fileURLToPath(new URL('../../src/cli/watchkeeper.mjs', import.meta.url));

/** A process that is measured from outside. */
export interface Measured {
  pid: number;
  /** What it has printed so far. */
  output(): string;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts the Node that runs this, as a user would start it. */
export function startNode(args: string[], cwd: string): Measured {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1' };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid === undefined) throw new Error(`${process.execPath} could not be started`);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const forget = cleanedUpAtLast(() => child.kill('SIGKILL'));
  return { pid: child.pid, output: () => output, stop: () => stop(child).finally(forget) };
}

export function startSupervisor(root: string, args: string[] = []): Measured {
  return startNode([SUPERVISOR, 'run', '--root', root, ...args], root);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Runs the work with these processes, and ends them however the work ends. */
export async function whileRunning<T>(processes: Measured[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await Promise.all(processes.map(found => found.stop()));
  }
}

/** Waits until the process has printed a text so often. */
export async function printed(found: Measured, pattern: RegExp, times: number): Promise<void> {
  const end = performance.now() + 120_000;
  while (count(found, pattern) < times) {
    if (readProcessStat(found.pid) === null || performance.now() > end)
      throw new Error(`it did not print ${pattern} ${times} time(s):\n${found.output()}`);
    await sleep(20);
  }
}

export function count(found: Measured, pattern: RegExp): number {
  return found.output().match(pattern)?.length ?? 0;
}

/**
 * CPU milliseconds that a process has used, all its threads, without its children. From the scheduler's own counts, in
 * nanoseconds; those of a thread that is running just now are up to 4 ms old.
 */
export function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + cpuMsOfThread(pid, thread), 0);
}

function cpuMsOfThread(pid: number, thread: string): number {
  const [nanoseconds = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ');
  return Number(nanoseconds) / 1e6;
}

/** CPU milliseconds of all children that a process has waited for, and of theirs; in steps of 10 ms. */
export function childrenCpuMs(pid: number): number {
  const stat = readProcessStat(pid);
  return stat === null ? Number.NaN : (stat.treeCpuTicks - stat.cpuTicks) * 10;
}

/** Resident memory, and the share of it that counts where other processes use the same pages; null where that is hidden. */
export function memoryMb(pid: number): { rss: number; pss: number | null } {
  const [rss = Number.NaN] = kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m);
  return { rss: (rss * 1024) / 1e6, pss: pssMb(pid) };
}

function pssMb(pid: number): number | null {
  try {
    const [pss] = kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB/m);
    return pss === undefined ? null : (pss * 1024) / 1e6;
  } catch {
    return null; // a kernel without it
  }
}

function kilobytes(path: string, pattern: RegExp): number[] {
  return (pattern.exec(readFileSync(path, 'latin1')) ?? []).slice(1).map(Number);
}
