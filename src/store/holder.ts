import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { WatchkeeperError } from '../errors.ts';
import { isObject, parsedJson } from '../json.ts';
import { writeFileAtomic } from './atomic.ts';
import type { Owner } from './owner.ts';
import { readRegularFile } from './read-file.ts';

/** A process, named for ever: a pid alone is used again. Null: no such process. */
export type Identify = (pid: number) => { startTime: string | number; bootId: string } | null;

/** Where we are: what an owner's record is compared with. */
export interface Here {
  host: string;
  bootId: string;
  identify: Identify;
}

/**
 * What can be known of a recorded owner. `unsure`: this host, but an earlier boot, or another machine with the same name;
 * `elsewhere`: another host (or container), whose processes cannot be seen from here.
 */
export type Holder = 'none' | 'dead' | 'living' | 'unsure' | 'elsewhere';

export function holderOf(owner: Owner | null, here: Here): Holder {
  if (owner === null) return 'none';
  if (owner.host !== here.host) return 'elsewhere';
  if (here.bootId === UNKNOWN || owner.bootId !== here.bootId) return 'unsure';
  const found = here.identify(owner.pid);
  return found !== null && String(found.startTime) === owner.startTime ? 'living' : 'dead';
}

/** In the place of a boot id and a start time where the system does not tell them. */
export const UNKNOWN = '';

/**
 * What a start does about a recorded owner.
 *
 * - `take`: it is over, or nobody was there
 * - `held`: it lives
 * - `watch`: doubtful, so see whether the lock is refreshed: a living one whose lock is old (it was stopped, or the whole
 *   machine slept and it has not got to it yet), an unknown one whose lock is fresh (it may have died a moment ago)
 */
export function decide(holder: Holder, lockIsFresh: boolean): 'take' | 'held' | 'watch' {
  if (holder === 'dead') return 'take';
  if (holder === 'living') return lockIsFresh ? 'held' : 'watch';
  if (!lockIsFresh) return 'take';
  return holder === 'elsewhere' ? 'held' : 'watch';
}

/** Says who holds the workspace, and what to do about it. */
export function held(owner: Owner | null, lockPath: string): WatchkeeperError {
  if (owner === null) {
    return new WatchkeeperError(
      'held',
      `another supervisor holds this workspace and keeps ${lockPath} fresh; who it is cannot be read: end it first`,
    );
  }
  const who = `a supervisor holds this workspace: process ${owner.pid} on ${owner.host}, since ${owner.startedAt}`;
  return new WatchkeeperError(
    'held',
    `${who}. Use \`watchkeeper trigger\` to let it run modules now, or end it first (\`kill ${owner.pid}\` on ${owner.host}). ` +
      `If that machine no longer runs, wait half a minute, or remove the folder ${lockPath}`,
  );
}

/**
 * The owner as it stands beside the store: who holds the workspace can so be said before the store is opened, and also
 * where the store was damaged or removed.
 */
export const NOTE = 'watchkeeper.owner.json';

/** @returns where it was set aside to what stood in its place and was no file; otherwise null */
export function writeOwnerNote(dataFolder: string, owner: Owner, nowMs: number): string | null {
  return writeFileAtomic(join(dataFolder, NOTE), `${JSON.stringify(owner)}\n`, nowMs);
}

/** Removes the note, where it is still ours. */
export function removeOwnerNote(dataFolder: string, nonce: string): void {
  if (readOwnerNote(dataFolder)?.nonce === nonce) rmSync(join(dataFolder, NOTE), { force: true });
}

/** Null where there is none, or what is there is no owner: then the lock alone says whether somebody lives. */
export function readOwnerNote(dataFolder: string): Owner | null {
  const read = readRegularFile(join(dataFolder, NOTE), 10_000);
  if (read === null || 'problem' in read) return null;
  const value = parsedJson(read.content.toString('utf8'));
  return isOwner(value) ? value : null;
}

const TEXTS = ['startTime', 'bootId', 'host', 'nonce', 'startedAt', 'version'];

function isOwner(value: unknown): value is Owner {
  if (!isObject(value)) return false;
  return Number.isSafeInteger(value['pid']) && TEXTS.every(key => typeof value[key] === 'string');
}
