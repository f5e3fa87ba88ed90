import { type ChildProcess, spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const SUPERVISOR = fileURLToPath(new URL('../../src/cli/watchkeeper.mjs', import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Command {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  ended: Promise<Ended>;
  /** SIGTERM, and the orderly end. */
  stop(): Promise<Ended>;
}

/** Starts `watchkeeper ARGS --root ROOT` by the file that npm, systemd and PM2 start, too; what is left of it after the test is killed. */
export function start(
  t: TestContext,
  root: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Command {
  const child = spawn(process.execPath, [SUPERVISOR, ...args, '--root', root], {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const ended = new Promise<Ended>(resolve => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Runs one command to its end. */
export function command(
  t: TestContext,
  root: string,
  args: string[],
  env?: Record<string, string>,
): Promise<Ended> {
  return start(t, root, args, env).ended;
}

/** Waits until the supervisor's output holds so many iteration lines. */
export async function iterations(supervisor: Command, count: number): Promise<void> {
  await until(`${count} iterations have ended`, () => {
    const seen = supervisor.stdout().match(/iteration \d+: /g)?.length ?? 0;
    if (supervisor.process.exitCode !== null && seen < count) {
      throw new Error(
        `the supervisor ended after ${seen} iterations:\n${supervisor.stdout()}${supervisor.stderr()}`,
      );
    }
    return seen >= count;
  });
}
