import type { Block } from './blocked.ts';
import { GitFailure, type GitIn } from './call.ts';
import { draftCommit, writeObjects } from './draft.ts';
import type { Content } from './files.ts';
import { healAfterFailure, healIndex } from './heal.ts';
import { isLocked } from './index-swap.ts';
import { moveRef } from './move-ref.ts';
import { isBlock, stillAt } from './place.ts';
import type { CommitPlan } from './plan.ts';
import { settleIndex, stageEntries } from './stage.ts';
import { findTarget, type Target } from './target.ts';

/** A user who commits at the same moment wins; we build anew on their commit, so often at most. */
const TRIES = 20;

const LOCKED: Block = {
  kind: 'index-locked',
  reason:
    'another git process holds the index (index.lock in the git folder; if no git is running, it is a leftover to remove)',
};

export interface CommitRequest {
  plan: CommitPlan;
  /** `current`, or `refs/heads/NAME`. */
  ref: string;
  /** Files of one folder of the workspace; at least one. */
  contents: Content[];
  /** So long somebody else's index lock is waited for. */
  lockPatienceMs: number;
  /** Null: in the workspace. */
  gitIn: GitIn;
}

export type CommitResult =
  | { kind: 'committed'; sha: string; target: Target }
  | { kind: 'unchanged' }
  | { kind: 'blocked'; block: Block };

/**
 * Commits the files and nothing else. Rejects with GitFailure where git fails or takes too long: then the
 * index is as it was before, or will be.
 */
export async function commitFiles(request: CommitRequest): Promise<CommitResult> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const target = await findTarget(request.gitIn(null), request.ref);
    if (isBlock(target)) return { kind: 'blocked', block: target };
    const result = await commitTo(target, request);
    if (result !== 'moved') return result;
  }
  throw new GitFailure('others kept changing the branch');
}

/** One attempt; `moved`: the branch, the index or HEAD is no longer what the commit was built on. */
async function commitTo(target: Target, request: CommitRequest): Promise<CommitResult | 'moved'> {
  const { place, ref, parent, isCurrent } = target;
  const { plan, contents, lockPatienceMs } = request;
  if (isCurrent && lockPatienceMs === 0 && isLocked(place)) return { kind: 'blocked', block: LOCKED };
  const git = request.gitIn(place.top);
  const draft = await draftCommit(git, target, contents, plan.message, Date.now());
  if (draft.objects.length === 0) {
    if (isCurrent) await healIndex(git, place);
    return { kind: 'unchanged' };
  }
  const { sha, files } = draft;
  try {
    const written = writeObjects(git, place.format, draft.objects);
    const staged = isCurrent ? stageEntries(git, place, files, lockPatienceMs, written) : null;
    const [swapped] = await Promise.all([staged, written]);
    if (swapped === 'locked') return { kind: 'blocked', block: LOCKED };
    if (swapped === 'moved' || (isCurrent && !stillAt(place))) return 'moved';
    const moved = await moveRef(git, { ref, from: parent, to: sha, reason: `watchkeeper: ${plan.subject}` });
    if (moved === 'conflict') return 'moved';
    if (isCurrent) await settleIndex(git, place, sha, swapped);
  } catch (error) {
    if (isCurrent) await healAfterFailure(place.top);
    throw error;
  }
  return { kind: 'committed', sha, target };
}
