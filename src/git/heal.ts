import { posix } from 'node:path';
import { type Git, withinTime } from './call.ts';
import { followIndex } from './index-follow.ts';
import type { Wanted } from './index-swap.ts';
import { blockOf, isBlock, locate, type Place, stillAt } from './place.ts';
import { readTrees } from './read-trees.ts';
import { type Entry, entryOf } from './tree.ts';
import { readUnfinished, removeUnfinished, type Unfinished } from './unfinished.ts';

/** So long an index lock of somebody else is waited for here: there is always a next time. */
const PATIENCE_MS = 300;
/** What an abandoned commit may still take to put the index back. */
const CLEANUP_MS = 1_500;

/**
 * After a commit that did not get to its end (killed, abandoned): entries of ours in the user's index become those
 * of the branch again, whether the branch got the commit or not. What the user has staged since stays.
 */
export async function healIndex(git: Git, place: Place): Promise<void> {
  const unfinished = readUnfinished(place);
  if (unfinished === null || place.head === null) return;
  const paths = Object.keys(unfinished);
  const folder = posix.dirname(paths[0] ?? '');
  const committed = await readTrees(git, place.format, place.head, folder);
  const wanted = new Map(
    paths.map(path => [path, wantedEntry(entryOf(committed, posix.basename(path)), unfinished[path])]),
  );
  const stillRight = (): boolean => stillAt(place);
  const { kind } = await followIndex(git, place, wanted, { patienceMs: PATIENCE_MS, stillRight });
  if (kind === 'done') removeUnfinished(place);
}

/**
 * The same after a commit that failed or was abandoned on the way. Where that does not work either, the record stays,
 * and the next commit or the next start mends it.
 */
export async function healAfterFailure(root: string): Promise<void> {
  await withinTime(CLEANUP_MS, root, async git => {
    const place = await locate(git(null));
    if (!isBlock(place) && blockOf(place) === null) await healIndex(git(place.top), place);
  }).catch(() => null);
}

/** An entry may be replaced where it is what the branch had, or what an unfinished commit found or put there. */
export function wantedEntry(entry: Entry, trace: Unfinished[string] | undefined, parent?: Entry): Wanted {
  const ours = trace === undefined ? [] : [trace.from, trace.to];
  return { entry, instead: parent === undefined ? ours : [parent, ...ours] };
}
