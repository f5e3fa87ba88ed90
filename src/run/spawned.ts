import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** A program that was started, or not: then without a child, and `failure` has the reason. */
export interface Spawned {
  child: ChildProcess | null;
  /** The system's error; stays open where the program runs. */
  failure: Promise<unknown>;
}

/**
 * Starts a program in a session and a process group of its own. The system call fails in two ways, and they are told in one: thrown at
 * once (E2BIG, a NUL in an argument), or as an event a moment later (ENOENT, EACCES, EAGAIN).
 *
 * @param argv the program and its arguments, as they are: no shell reads them
 */
export function spawnDetached(
  [program = '', ...args]: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'>,
): Spawned {
  const failure = Promise.withResolvers<unknown>();
  try {
    const child = spawn(program, args, { ...options, detached: true });
    child.on('error', failure.resolve); // for good: without a listener a signal that cannot be sent would end us
    return { child: child.pid === undefined ? null : child, failure: failure.promise };
  } catch (error) {
    return { child: null, failure: Promise.resolve(error) };
  }
}
