import { closeSync, fchmodSync, lstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WatchkeeperError } from '../errors.ts';
import { unwritable } from './atomic.ts';
import { isBusy, storeError } from './database-errors.ts';
import { fileKind, setAside } from './set-aside.ts';

/** How long one waits for those before it. Each takes some milliseconds. */
const PATIENCE_MS = 60_000;

interface GateOptions {
  nowMs: number;
  /** Is told what was set aside. */
  tell(message: string): void;
}

/**
 * Lets one start at a time look who holds the workspace and take it: two that see the same dead owner would otherwise
 * remove each other's fresh lock. The gate is a lock on an empty file that SQLite asks of the kernel, which opens it again
 * however its holder ends.
 *
 * @throws WatchkeeperError 'held' where another start stands in it for a minute, 'store' where the file cannot be used
 */
export async function behindGate<T>(
  dataFolder: string,
  options: GateOptions,
  action: () => Promise<T>,
): Promise<T> {
  const gate = entered(dataFolder, options);
  try {
    return await action();
  } finally {
    gate.close();
  }
}

/** The same for what is done at once, such as a file that is read and written again: nothing of this process comes in between. */
export function behindGateAtOnce<T>(dataFolder: string, options: GateOptions, action: () => T): T {
  const gate = entered(dataFolder, options);
  try {
    return action();
  } finally {
    gate.close();
  }
}

function entered(dataFolder: string, { nowMs, tell }: GateOptions): DatabaseSync {
  const path = join(dataFolder, 'watchkeeper.gate');
  if (!isGate(path)) tell(`${path} was no empty file: set aside as ${setAside(path, nowMs)}`);
  makeGate(path);
  const gate = openGate(path);
  try {
    enter(gate, path);
    return gate;
  } catch (error) {
    gate.close();
    throw error;
  }
}

function makeGate(path: string): void {
  try {
    if (fileKind(path) === 'missing') makeEmpty(path);
  } catch (error) {
    throw error instanceof WatchkeeperError ? error : unwritable(path, error);
  }
}

function makeEmpty(path: string): void {
  const fd = openSync(path, 'a', 0o600);
  try {
    fchmodSync(fd, 0o600); // a umask can have taken our own rights away
  } finally {
    closeSync(fd);
  }
}

/** Missing, or an empty file: SQLite writes nothing to it, so anything else is not ours. */
function isGate(path: string): boolean {
  const kind = fileKind(path);
  return kind === 'missing' || (kind === 'regular' && lstatSync(path).size === 0);
}

function openGate(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: PATIENCE_MS });
  } catch (error) {
    throw storeError(path, error);
  }
}

function enter(gate: DatabaseSync, path: string): void {
  try {
    gate.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    if (!isBusy(error)) throw storeError(path, error);
    throw new WatchkeeperError(
      'held',
      'another supervisor has been starting here for a minute: end it, or try again',
    );
  }
}
