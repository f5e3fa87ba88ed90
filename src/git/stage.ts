import type { BranchMove } from './branch-move.ts';
import type { Git } from './call.ts';
import type { DraftFile } from './draft.ts';
import { healIndex, wantedEntry } from './heal.ts';
import { followIndex } from './index-follow.ts';
import { isUndisturbed, type PreparedIndex } from './index-swap.ts';
import type { KnownIndex } from './memory.ts';
import { type Place, stillAt } from './place.ts';
import type { Entry } from './tree.ts';
import { readUnfinished, removeUnfinished, writeUnfinished } from './unfinished.ts';

export interface StageOptions {
  /** So long somebody else's index lock is waited for. */
  patienceMs: number;
  /** The objects that the index will point to. */
  objectsWritten: Promise<void>;
  move: BranchMove;
  known: KnownIndex | null;
}

/**
 * The index first, the branch after it, and the branch locked in between. Git knows no step that changes both, so the
 * question is what a commit of the user finds that falls in between:
 *
 * - Branch first: it has our old files on top of the new ones, and undoes our commit.
 * - Index first: it has our new files in it, which the user has not staged. Unless the branch is locked: then it cannot
 *   be made until ours is, and after that git refuses it, because it was built on a branch that has moved. The user commits
 *   once more, as after any commit of ours that falls into the milliseconds of theirs; it is the lesser evil.
 * - The index locked all along: git refuses it as well, and a kill leaves a lock behind that stops the user's git.
 *
 * What remains is a kill in between: the note (`unfinished.ts`) tells the next start what to put back. The objects that
 * the index points to come before everything. Gives the copy that took the index's place, null where none had to; then
 * the branch is not locked.
 */
export async function stageEntries(
  git: Git,
  place: Place,
  files: DraftFile[],
  { patienceMs, objectsWritten, move, known }: StageOptions,
): Promise<PreparedIndex | null | 'locked' | 'moved'> {
  const earlier = readUnfinished(place);
  const wanted = new Map(
    files.map(({ path, before, after }) => [path, wantedEntry(after, earlier?.[path], before)]),
  );
  const followed = await followIndex(git, place, wanted, {
    patienceMs,
    known,
    stillRight: () => stillAt(place),
    beforeSwap: async prepared => {
      await objectsWritten;
      writeUnfinished(place, { ...earlier, ...traces(prepared) });
    },
    together: move,
  });
  if (followed.kind === 'done') return followed.swapped;
  if (earlier === null) removeUnfinished(place);
  else writeUnfinished(place, earlier);
  return followed.kind;
}

/**
 * After the branch has moved to `head`. A git command of the user that read the index before us may have written it
 * after us: then our entries go in once more.
 */
export async function settleIndex(
  git: Git,
  place: Place,
  head: string,
  swapped: PreparedIndex | null,
): Promise<void> {
  if (swapped !== null && isUndisturbed(swapped)) removeUnfinished(place);
  else await healIndex(git, { ...place, head });
}

function traces({ changes }: PreparedIndex): Record<string, { from: Entry; to: string }> {
  const found: Record<string, { from: Entry; to: string }> = {};
  for (const [path, { before, entry }] of changes) {
    if (entry !== null) found[path] = { from: before.entry, to: entry };
  }
  return found;
}
