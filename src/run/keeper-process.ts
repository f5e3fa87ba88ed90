import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type KeeperProgram, keeperEnvironment } from './keeper-program.ts';
import { type Spawned, spawnDetached } from './spawned.ts';
import type { Outputs, StartSpec } from './started.ts';

/** Starts a keeper; it waits for its order on descriptor 3. */
export function spawnKeeper(spec: StartSpec, { perl, script, systemCalls }: KeeperProgram): Spawned {
  const { killGraceMs, metered, name } = spec;
  const own = [String(process.pid), String(killGraceMs), metered ? '1' : '0', name];
  return spawnDetached([perl, script, ...own, ...systemCalls], {
    cwd: '/', // it must not keep a folder of the user's busy; the command gets its own
    env: keeperEnvironment(),
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
}

/**
 * Opens the keeper's pipes through /proc. What Node itself would give the command are sockets, and a socket cannot be
 * opened by its name: `echo problem > /dev/stderr` would fail in every module, though it works under cron. Throws the system's error.
 */
export function openOutputs(keeper: number, stdout: number, stderr: number): Outputs {
  const first = openPipe(`/proc/${keeper}/fd/${stdout}`);
  try {
    return { stdout: first, stderr: openPipe(`/proc/${keeper}/fd/${stderr}`) };
  } catch (error) {
    first.destroy();
    throw error;
  }
}

function openPipe(path: string): Readable {
  return new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
}
