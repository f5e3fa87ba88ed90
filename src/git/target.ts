import { join } from 'node:path';
import type { Block } from './blocked.ts';
import { type Git, output } from './call.ts';
import { textOf } from './files.ts';
import { blockOf, type Place } from './place.ts';

/** Where a commit goes. */
export interface Target {
  place: Place;
  /** `refs/heads/NAME`. */
  ref: string;
  /** Its newest commit; null: the branch does not exist yet. */
  parent: string | null;
  /** The branch is checked out here: the user's index has to follow. */
  isCurrent: boolean;
}

/** Finds where the next commit goes: `current`, or a branch by its full name. */
export async function findTarget(git: Git, place: Place, wantedRef: string): Promise<Target | Block> {
  if (wantedRef !== 'current' && wantedRef !== place.branch) return otherBranch(git, place, wantedRef);
  const block = blockOf(place);
  if (block !== null || place.branch === null)
    return block ?? { kind: 'detached', reason: 'HEAD is detached' };
  return { place, ref: place.branch, parent: place.head, isCurrent: true };
}

/** A branch that no work tree shows is moved whatever goes on at HEAD: nothing of the user's depends on it. */
async function otherBranch(git: Git, place: Place, ref: string): Promise<Target | Block> {
  const { stdout } = await output(git, [
    'for-each-ref',
    '--format=%(refname)%09%(objectname)%09%(worktreepath)',
    ref,
  ]);
  const rows = stdout.split('\n').map(line => line.split('\t'));
  const [, parent, worktree] = rows.find(([name]) => name === ref) ?? [];
  if (worktree !== undefined && worktree !== '') {
    return { kind: 'checked-out-elsewhere', reason: `the branch ${ref} is checked out in ${worktree}` };
  }
  if (isBeingRebased(place.gitDir, ref))
    return { kind: 'rebase', reason: `a rebase of ${ref} is in progress` };
  return { place, ref, parent: parent ?? null, isCurrent: false };
}

function isBeingRebased(gitDir: string, ref: string): boolean {
  return ['rebase-merge', 'rebase-apply'].some(
    folder => textOf(join(gitDir, folder, 'head-name'))?.trim() === ref,
  );
}
