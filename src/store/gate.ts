import { closeSync, lstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WatchkeeperError } from '../errors.ts';
import { isBusy, storeError } from './database-errors.ts';
import { fileKind, setAside } from './set-aside.ts';

/** How long a start waits for the starts before it. Each takes some milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Lets one start at a time look who holds the workspace and take it: two that see the same dead owner would otherwise
 * remove each other's fresh lock. The gate is a lock on an empty file that SQLite asks of the kernel, which opens it again
 * however its holder ends.
 *
 * @throws WatchkeeperError 'held' where another start stands in it for a minute, 'store' where the file cannot be used
 */
export async function behindGate<T>(dataFolder: string, nowMs: number, action: () => Promise<T>): Promise<T> {
  const path = join(dataFolder, 'watchkeeper.gate');
  if (!isGate(path)) setAside(path, nowMs);
  if (fileKind(path) === 'missing') closeSync(openSync(path, 'a', 0o600));
  const gate = new DatabaseSync(path, { timeout: PATIENCE_MS });
  try {
    enter(gate, path);
    return await action();
  } finally {
    gate.close();
  }
}

/** Missing, or an empty file: SQLite writes nothing to it, so anything else is not ours. */
function isGate(path: string): boolean {
  const kind = fileKind(path);
  return kind === 'missing' || (kind === 'regular' && lstatSync(path).size === 0);
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
