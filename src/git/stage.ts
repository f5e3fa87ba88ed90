import type { Git } from './call.ts';
import type { DraftFile } from './draft.ts';
import { healIndex, wantedEntry } from './heal.ts';
import { followIndex } from './index-follow.ts';
import { isUndisturbed, type PreparedIndex } from './index-swap.ts';
import { type Place, stillAt } from './place.ts';
import type { Entry } from './tree.ts';
import { readUnfinished, removeUnfinished, writeUnfinished } from './unfinished.ts';

/**
 * The index first, the branch after it, some milliseconds apart: should a user commit just then, or we be killed, their
 * commit has our new files in it at worst, and never the old ones on top of ours. The objects that the index points to
 * come before both. Gives the copy that took the index's place, null where none had to.
 */
export async function stageEntries(
  git: Git,
  place: Place,
  files: DraftFile[],
  patienceMs: number,
  objectsWritten: Promise<void>,
): Promise<PreparedIndex | null | 'locked' | 'moved'> {
  const earlier = readUnfinished(place);
  const wanted = new Map(
    files.map(({ path, before, after }) => [path, wantedEntry(after, earlier?.[path], before)]),
  );
  const followed = await followIndex(git, place, wanted, {
    patienceMs,
    stillRight: () => stillAt(place),
    beforeSwap: async prepared => {
      await objectsWritten;
      writeUnfinished(place, { ...earlier, ...traces(prepared) });
    },
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
