import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Generous: ends what would never end. */
const LIMIT_MS = 240_000;

/** Runs a program of ours to its end in a process of its own, whose heap has so many megabytes at most; it must succeed. */
export async function bounded(
  t: TestContext,
  program: URL,
  heapMb: number,
  ...more: string[]
): Promise<void> {
  const args = [`--max-old-space-size=${heapMb}`, fileURLToPath(program), ...more];
  const { promise, resolve } =
    Promise.withResolvers<[problem: string | null, stdout: string, stderr: string]>();
  execFile(process.execPath, args, { timeout: LIMIT_MS, killSignal: 'SIGKILL' }, (error, stdout, stderr) =>
    resolve([error === null ? null : `${error.code} ${error.signal}`, stdout, stderr]),
  );
  const [problem, stdout, stderr] = await promise;
  assert.equal(problem, null, `${stdout}\n${stderr}`);
  t.diagnostic(stdout.trim());
}
