import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ExecuteOptions } from './execute.ts';
import type { Fault, Outcome } from './fault.ts';

const RUNNER = join(import.meta.dirname, 'faults.ts');

/** How much longer than its row the process around it may live. */
const GRACE_MS = 60_000;

/**
 * Tries a row in a process of its own within a private mount namespace: what it mounts is seen by nobody else, and is
 * gone with the last process in there.
 */
export async function injectIsolated(
  { id }: Fault,
  { size, seed, progress, stop }: ExecuteOptions,
  limitMs: number,
): Promise<Outcome> {
  const row = [process.execPath, RUNNER, '--here', id, '--size', size, '--seed', String(seed)];
  // No signal of the test runner's may reach its options.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn('unshare', ['--mount', '--propagation', 'private', '--', ...row], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs + GRACE_MS);
  const onStop = (): void => void child.kill('SIGTERM'); // it tidies up, and ends with an error
  stop?.addEventListener('abort', onStop, { once: true });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const line of text.split('\n').filter(Boolean)) progress(line);
  });
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  child.once('error', reject);
  child.once('close', (code, signal) => {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
    const last = stdout.trim().split('\n').at(-1) ?? '';
    if (code === 0) resolve(JSON.parse(last) as Outcome);
    else reject(new Error(`its process ended with ${signal ?? code}: ${stderr.slice(-3000)}`));
  });
  return promise;
}
