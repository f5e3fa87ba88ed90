import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command, Ended } from '../helpers/supervisor.ts';
import { gitEnvironment, temporaryFolder, type Workspace, workspaceAt } from '../helpers/workspace.ts';

const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));

const trial = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs none /mnt']);

/** Why there can be no small disk here; false where there can. */
export const NO_DISK = trial.status === 0 ? false : 'this user cannot mount a file system';

const atTheEnd: (() => Promise<void>)[] = [];

// Before the check for leaks, which runs before the hooks of a test itself; what was started last is ended first.
afterEach(async () => {
  for (const end of atTheEnd.splice(0).reverse()) await end();
});

/** A disk of its own for one workspace. */
export interface SmallDisk {
  /** Its files, as this process reaches them. */
  workspace: Workspace;
  /** Takes all the room there is, but for so many bytes. */
  fill(leave?: number): void;
  /** Gives it back. */
  empty(): void;
  /** `node supervisor.ts ARGS` in the workspace; killed after the test where it is still there. */
  start(...args: string[]): Command;
}

/**
 * A real file system in memory, mounted where only one small process and what is started beside it can see it: with that process
 * it is gone, however the test ends.
 */
export async function smallDisk(
  t: TestContext,
  megabytes: number,
  files: Record<string, string>,
): Promise<SmallDisk> {
  const root = temporaryFolder(t);
  const pid = await holdDisk(root, megabytes);
  const beside = ['nsenter', `--mount=/proc/${pid}/ns/mnt`, '--'];
  const seen = workspaceAt(join(`/proc/${pid}/root`, root));
  const workspace = { ...seen, git: (...args: string[]) => run([...beside, 'git', '-C', root, ...args]) };
  for (const [file, text] of Object.entries(files)) seen.write(file, text);
  seen.write('.gitignore', 'logs/\nfiller\n');
  workspace.git('init', '--quiet', '--initial-branch=main');
  workspace.git('add', '--all');
  workspace.git('commit', '--quiet', '--message=first');
  return {
    workspace,
    fill: (leave = 0) => fill(seen.path('filler'), leave),
    empty: () => rmSync(seen.path('filler')),
    start: (...args) => started([...beside, process.execPath, SUPERVISOR, ...args, '--root', root]),
  };
}

async function holdDisk(root: string, megabytes: number): Promise<number> {
  const hold = `mount -t tmpfs -o size=${megabytes}m,mode=700 none "$0" && echo ready && exec cat`;
  const holder = spawn('unshare', ['--mount', 'sh', '-c', hold, root], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  atTheEnd.push(async () => {
    holder.stdin.end();
    await ended;
  });
  await once(holder.stdout, 'data');
  return holder.pid ?? 0;
}

function run([program = '', ...args]: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', env: gitEnvironment() });
}

function started([program = '', ...args]: string[]): Command {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', text => {
      said[name] += text;
    });
  }
  const ended = new Promise<Ended>(resolve => {
    child.once('close', (code, signal) => resolve({ code, signal, ...said }));
  });
  atTheEnd.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  const stop = (): Promise<Ended> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { process: child, stdout: () => said.stdout, stderr: () => said.stderr, ended, stop };
}

function fill(path: string, leave: number): void {
  const fd = openSync(path, 'a');
  const zeros = Buffer.alloc(1 << 20);
  for (let size = zeros.length; size >= 1; size = Math.floor(size / 16)) while (isTaken(fd, zeros, size));
  ftruncateSync(fd, fstatSync(fd).size - leave);
  closeSync(fd);
}

function isTaken(fd: number, bytes: Buffer, size: number): boolean {
  try {
    return writeSync(fd, bytes, 0, size) > 0;
  } catch {
    return false; // no room for so much
  }
}
