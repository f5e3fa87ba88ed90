import fs, { rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { systemErrorCode } from '../errors.ts';
import { unwritable } from './atomic.ts';
import { fileKind, setAside } from './set-aside.ts';

/** How the lock file is kept, in ms. */
export interface LockTimes {
  /** A lock that was not refreshed for so long has no living holder, or one that is stopped. */
  stale: number;
  /** How often the holder refreshes it. */
  update: number;
  /** How long a doubtful lock is watched: a living holder refreshes it in this time. */
  watch: number;
}

export const LOCK_TIMES: LockTimes = { stale: 30_000, update: 5_000, watch: 12_000 };

export function lockPathOf(dataFolder: string): string {
  return join(dataFolder, 'watchkeeper.lock');
}

/** Whether somebody refreshed the lock lately. A time in the future (another machine's clock) tells nothing. */
export function isFresh(lockPath: string, nowMs: number, { stale }: LockTimes): boolean {
  const touched = touchedAt(lockPath);
  return touched !== null && Math.abs(nowMs - touched) < stale;
}

/**
 * Watches the lock: true as soon as somebody refreshes it (or makes it).
 *
 * @param isOver asked again and again: true ends the watch
 * @returns false when it is over, or the time is
 */
export async function isRefreshed(
  lockPath: string,
  { watch }: LockTimes,
  isOver: () => boolean,
): Promise<boolean> {
  const first = touchedAt(lockPath);
  const end = performance.now() + watch;
  while (performance.now() < end && !isOver()) {
    await sleep(Math.min(200, watch / 10));
    const touched = touchedAt(lockPath);
    if (touched !== null && touched !== first) return true;
  }
  return false;
}

/**
 * Removes a lock that nobody living holds. Only behind the gate.
 *
 * @returns where it was set aside to, because it was no lock; otherwise null
 */
export function removeLock(lockPath: string, nowMs: number): string | null {
  if (fileKind(lockPath) === 'missing') return null;
  try {
    rmdirSync(lockPath); // the lock is an empty folder
    return null;
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? null : setAside(lockPath, nowMs);
  }
}

/**
 * Takes the lock and keeps it fresh, without keeping the process alive.
 *
 * @param onLost called once, from a timer, when the lock is no longer ours or is gone
 * @returns false where somebody else has it
 * @throws WatchkeeperError 'file' where the lock cannot be made
 */
export function takeLock(dataFolder: string, times: LockTimes, onLost: () => void): boolean {
  try {
    lockfile.lockSync(dataFolder, {
      ...{ lockfilePath: lockPathOf(dataFolder), realpath: false, fs },
      ...{ stale: times.stale, update: times.update, onCompromised: onLost },
    });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ELOCKED') return false;
    throw unwritable(lockPathOf(dataFolder), error);
  }
}

/**
 * Stops keeping the lock fresh and removes it.
 *
 * @param ours false: the lock is by now another's, so it stays
 */
export function leaveLock(dataFolder: string, ours: boolean): void {
  const kept = { ...fs, rmdirSync: () => undefined };
  try {
    lockfile.unlockSync(dataFolder, {
      lockfilePath: lockPathOf(dataFolder),
      realpath: false,
      fs: ours ? fs : kept,
    });
  } catch (error) {
    // Lost already: then there is nothing to leave.
    if (systemErrorCode(error) !== 'ENOTACQUIRED') throw unwritable(lockPathOf(dataFolder), error);
  }
}

function touchedAt(lockPath: string): number | null {
  return statSync(lockPath, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
