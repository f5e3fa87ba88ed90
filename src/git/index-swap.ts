import { type BigIntStats, chmodSync, constants, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { Git } from './call.ts';
import { filtersOff } from './configuration.ts';
import { checkIndex, type IndexEntry, readIndexEntries, writeIndexEntries } from './index-entries.ts';
import { isLocked, takeLock } from './index-lock.ts';
import { nameIndex, renameIndex, type Swap } from './index-rename.ts';
import type { KnownIndex } from './memory.ts';
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
  /** All the wanted paths as the copy has them. */
  entries: Map<string, IndexEntry>;
}

/**
 * Makes a copy of the index with the wanted entries. Null: there is nothing to change, because the entries are there,
 * or the user has staged something else in their place, or the repository has no index. `known` saves reading an index
 * that is still the one that it tells of.
 */
export async function prepareIndex(
  git: Git,
  place: Place,
  wanted: Map<string, Wanted>,
  known: KnownIndex | null,
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
    const paths = [...wanted.keys()];
    const isKnown =
      known !== null && isSame(seen, known.seen) && paths.every(path => known.entries.has(path));
    const found = isKnown ? known.entries : await readIndexEntries(git, copy, paths);
    const changes = changesFor(wanted, found);
    if (changes.size > 0) {
      await writeIndexEntries(git, copy, changes, filtersOff(place.configuration));
      if (place.configuration.values.has('core.sparsecheckout')) await checkIndex(git, copy);
      chmodSync(copy, Number(seen.mode) & 0o777);
      const ours = statSync(copy, { bigint: true });
      return { copy, index, seen, ours, changes, entries: entriesAfter(found, changes) };
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
 * what a crash leaves behind all the same the next start knows by its inode. The caller removes the copy.
 */
export async function swapIndex(prepared: PreparedIndex, stillRight: () => boolean): Promise<Swap> {
  const { copy, index, seen } = prepared;
  const name = `${copy}-seen`;
  if (!nameIndex(index, name)) return swapOurselves(prepared, stillRight);
  try {
    if (!isSame(stats(name), seen) || !stillRight()) return 'changed';
    return await renameIndex({ copy, lock: `${index}.lock`, index, seen: name });
  } finally {
    rmSync(name, { force: true });
  }
}

/** Where the file system has no second names: a few system calls, in which a kill leaves the lock. */
function swapOurselves({ copy, index, seen }: PreparedIndex, stillRight: () => boolean): Swap {
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
  return isSame(stats(index), ours) && !isLocked(index);
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

function changesFor(
  wanted: Map<string, Wanted>,
  entries: ReadonlyMap<string, IndexEntry>,
): PreparedIndex['changes'] {
  const changes: PreparedIndex['changes'] = new Map();
  for (const [path, { entry, instead }] of wanted) {
    const before = entries.get(path);
    if (before === undefined || before.conflict || before.entry === entry) continue;
    if (instead.includes(before.entry)) changes.set(path, { before, entry });
  }
  return changes;
}

function entriesAfter(
  found: ReadonlyMap<string, IndexEntry>,
  changes: PreparedIndex['changes'],
): Map<string, IndexEntry> {
  const changed = [...changes].map(([path, { before, entry }]): [string, IndexEntry] => [
    path,
    { ...before, entry },
  ]);
  return new Map([...found, ...changed]);
}
