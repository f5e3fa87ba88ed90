import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultContext, Outcome } from '../fault.ts';

const RUNNER = join(import.meta.dirname, '..', 'faults.ts');
const INSIDE = 'WATCHKEEPER_FAULT_INSIDE';

/**
 * Tries a row once more within a PID namespace and a /proc of its own, in which `forkAs` decides which number a new process
 * gets. A shell is process 1 in there, as that one has to take note of orphans that end; with it all in there end.
 *
 * @param inject what the row does when it is in there
 */
export async function inPidNamespace(
  id: string,
  context: FaultContext,
  inject: () => Promise<Outcome>,
): Promise<Outcome> {
  if (process.env[INSIDE] === '1') return inject();
  const row = [RUNNER, '--here', id, '--size', context.size, '--seed', String(context.seed)];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const init = ['sh', '-c', '"$@"; exit $?', 'sh', process.execPath, ...row];
  const child = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', '--', ...init], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, [INSIDE]: '1' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  context.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended.catch(() => undefined); // told below
  });
  if ((await ended) !== 0) throw new Error(`in the namespace: ${stderr.slice(-3000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
}

/** The next process in this namespace gets this number, if nobody else forks meanwhile and it is free. */
export function nextPid(pid: number): void {
  writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
}
