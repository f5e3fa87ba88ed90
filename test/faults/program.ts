import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command, Ended } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import type { Cleanup } from './fault.ts';

export const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));

export interface StartOptions {
  env?: Record<string, string>;
  /** What stands before `node` on the command line: `['strace', '-D', ..., '--']`, `['prlimit', '--nofile=40']`. */
  around?: string[];
  /** The folder it is started in. */
  cwd?: string;
  /** It leads a process group of its own, so that all that it started (but its modules) can be killed with it. */
  detached?: boolean;
}

/**
 * Starts `node supervisor.ts ARGS --root ROOT` as a user would. The process is the supervisor itself as long as what stands
 * around it ends in an exec (`strace -D` does), so that signals and exit codes are its own.
 */
export function startSupervisor(
  cleanup: Cleanup,
  root: string,
  args: string[] = ['run', '--json'],
  { env = {}, around = [], cwd, detached = false }: StartOptions = {},
): Command {
  const [program = process.execPath, ...rest] = [
    ...around,
    process.execPath,
    SUPERVISOR,
    ...args,
    '--root',
    root,
  ];
  const child = spawn(program, rest, {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  ended.catch(() => undefined); // whoever waits for it sees it
  cleanup.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended.catch(() => undefined);
  });
  const stop = (): Promise<Ended> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended, stop };
}

/** Waits for a condition while the supervisor lives; an end in between is an error with what it said. */
export function whileAlive<T>(
  supervisor: Command,
  what: string,
  condition: () => T | Promise<T>,
  limitMs?: number,
): Promise<NonNullable<Exclude<T, false>>> {
  const { process: child } = supervisor;
  return until(
    what,
    async () => {
      const value = await condition();
      const isOver = child.exitCode !== null || child.signalCode !== null;
      if (isOver && (value === false || value === null || value === undefined))
        throw new Error(`the supervisor ended before ${what}:\n${tail(supervisor)}`);
      return value;
    },
    limitMs,
  );
}

function tail({ process: child, stdout, stderr }: Command): string {
  const how = child.signalCode ?? `exit code ${child.exitCode}`;
  return `${how}\n${stdout().slice(-1500)}\n${stderr().slice(-1500)}`;
}
