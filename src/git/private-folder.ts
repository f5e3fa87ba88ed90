import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../errors.ts';
import type { Location } from './place.ts';
import { removeQuarantines } from './quarantine.ts';

/**
 * Our own corner in the git folder of the work tree: on the same file system as the index, seen by no git command,
 * one for each workspace of the repository.
 */
export function privateFolder({ gitDir, prefix }: Location): string {
  return join(gitDir, 'watchkeeper', createHash('sha256').update(prefix).digest('hex').slice(0, 12));
}

/** The same, where it is missing made. */
export function makePrivateFolder(place: Location): string {
  const folder = privateFolder(place);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Where the repository keeps an object that is in no pack. */
export function loosePath({ commonDir }: Location, oid: string): string {
  return join(commonDir, 'objects', oid.slice(0, 2), oid.slice(2));
}

/** A path for a private copy of the index, in a folder that exists. */
export function privateIndexPath(place: Location): string {
  return join(makePrivateFolder(place), `index-${randomUUID()}`);
}

/** The index of the work tree; where it is a link, the file behind it, for that is what git locks. */
export function indexPath({ gitDir }: Location): string {
  const path = join(gitDir, 'index');
  try {
    return realpathSync(path);
  } catch {
    return path; // no index yet
  }
}

/**
 * Removes what a killed supervisor of this workspace left: unfinished packs and notes, private copies, and the index lock if it is one of them
 * (a second name of the same file). Any other lock is somebody else's and stays. Only while no commit is under way.
 */
export function removeLeftovers(place: Location): void {
  removeQuarantines(place);
  const folder = privateFolder(place);
  const lock = `${indexPath(place)}.lock`;
  for (const name of namesIn(folder).filter(name => /^index-|\.new$/.test(name))) {
    const left = join(folder, name);
    if (isSameFile(left, lock)) rmSync(lock, { force: true });
    rmSync(left, { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function isSameFile(one: string, other: string): boolean {
  const a = lstatSync(one, { throwIfNoEntry: false, bigint: true });
  const b = lstatSync(other, { throwIfNoEntry: false, bigint: true });
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
