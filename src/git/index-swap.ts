import {
  type BigIntStats,
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { systemErrorCode } from '../errors.ts';
import type { Git } from './call.ts';
import { filtersOff } from './filters.ts';
import { type IndexEntry, readIndexEntries, writeIndexEntries } from './index-entries.ts';
import type { Place } from './place.ts';
import { indexPath, privateIndexPath } from './private-folder.ts';
import type { Entry } from './tree.ts';

/** The entry that a file is to have in the index, and the entries that may be replaced by it. */
export interface Wanted {
  entry: Entry;
  /** Any other entry was put there by the user and stays. */
  instead: readonly Entry[];
}

/** A private copy of the index in which our entries are changed, ready to take its place. */
export interface PreparedIndex {
  copy: string;
  index: string;
  /** The index as it was when it was copied. */
  seen: BigIntStats;
  /** The copy: what the index is after the swap. */
  ours: BigIntStats;
  /** What it changes, by path. */
  changes: Map<string, { before: IndexEntry; entry: Entry }>;
}

/**
 * Makes a copy of the index with the wanted entries. Null: there is nothing to change, because the entries are there,
 * or the user has staged something else in their place, or the repository has no index.
 */
export async function prepareIndex(
  git: Git,
  place: Place,
  wanted: Map<string, Wanted>,
): Promise<PreparedIndex | null> {
  const index = indexPath(place);
  const seen = stats(index);
  if (seen === null) return null;
  const copy = privateIndexPath(place);
  try {
    await copyFile(index, copy, constants.COPYFILE_FICLONE);
    // By the time of its index git knows the files that may have changed unseen since ("racy" entries): a copy that
    // looked younger would hide them. Older, by parts of a second, does no harm.
    utimesSync(copy, Number(seen.mtimeMs / 1000n), Number(seen.mtimeMs / 1000n));
    const [entries, config] = await Promise.all([
      readIndexEntries(git, copy, [...wanted.keys()]),
      filtersOff(git),
    ]);
    const changes = changesFor(wanted, entries);
    if (changes.size > 0) {
      await writeIndexEntries(git, copy, changes, config);
      chmodSync(copy, Number(seen.mode) & 0o777);
      return { copy, index, seen, ours: statSync(copy, { bigint: true }), changes };
    }
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
  rmSync(copy, { force: true });
  return null;
}

/**
 * Puts the copy in the place of the index, if nobody has written the index since and `stillRight` says so.
 *
 * The lock that git commands respect is taken by giving our finished copy a second name, and given up by renaming it:
 * a few system calls apart, so that a kill can hardly leave it behind, and if it does, the next start knows it by its
 * inode. No git process of ours ever holds the user's index lock. The caller removes the copy.
 */
export function swapIndex(
  { copy, index, seen }: PreparedIndex,
  stillRight: () => boolean,
): 'swapped' | 'locked' | 'changed' {
  const lock = `${index}.lock`;
  if (!takeLock(copy, lock)) return 'locked';
  try {
    if (!isSame(stats(index), seen) || !stillRight()) {
      rmSync(lock);
      return 'changed';
    }
    renameSync(lock, index);
    return 'swapped';
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
}

/** Whether the index is still the one that `swapIndex` put there, and nobody is just writing another. */
export function isUndisturbed({ index, ours }: PreparedIndex): boolean {
  return isSame(stats(index), ours) && stats(`${index}.lock`) === null;
}

export function isLocked(place: Place): boolean {
  return stats(`${indexPath(place)}.lock`) !== null;
}

function stats(path: string): BigIntStats | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}

function isSame(now: BigIntStats | null, then: BigIntStats): boolean {
  return (
    now !== null &&
    now.ino === then.ino &&
    now.dev === then.dev &&
    now.size === then.size &&
    now.mtimeNs === then.mtimeNs
  );
}

function changesFor(wanted: Map<string, Wanted>, entries: Map<string, IndexEntry>): PreparedIndex['changes'] {
  const changes: PreparedIndex['changes'] = new Map();
  for (const [path, { entry, instead }] of wanted) {
    const before = entries.get(path);
    if (before === undefined || before.conflict || before.entry === entry) continue;
    if (instead.includes(before.entry)) changes.set(path, { before, entry });
  }
  return changes;
}

function takeLock(copy: string, lock: string): boolean {
  try {
    linkSync(copy, lock);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(systemErrorCode(error) ?? ''))
      throw error;
  }
  return copyAsLock(copy, lock);
}

/** File systems without hard links: then a lock that a kill leaves behind is not known as ours, and stays. */
function copyAsLock(copy: string, lock: string): boolean {
  try {
    copyFileSync(copy, lock, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
