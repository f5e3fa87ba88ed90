import type { Block } from './blocked.ts';
import { BranchMove } from './branch-move.ts';
import type { Git, GitIn } from './call.ts';
import { type Draft, draftCommit, type NamedObject, writeObjects } from './draft.ts';
import { GitFailure } from './failure.ts';
import type { Content } from './files.ts';
import { healAfterFailure, healIndex } from './heal.ts';
import { isLocked } from './index-lock.ts';
import type { Memory } from './memory.ts';
import { isBlock, type Place, stillAt } from './place.ts';
import type { CommitPlan } from './plan.ts';
import { indexPath } from './private-folder.ts';
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
  /** Where the workspace lies just now. */
  place(): Promise<Place | Block>;
  /** Of the commits before; changed by this one. */
  memory: Memory;
}

export type CommitResult =
  | { kind: 'committed'; sha: string; target: Target; objects: NamedObject[] }
  | { kind: 'unchanged' }
  | { kind: 'blocked'; block: Block };

/**
 * Commits the files and nothing else. Rejects with GitFailure where git fails or takes too long: then the
 * index is as it was before, or will be.
 */
export async function commitFiles(request: CommitRequest): Promise<CommitResult> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const place = await request.place();
    const target = isBlock(place) ? place : await findTarget(request.gitIn(null), place, request.ref);
    if (isBlock(target)) return { kind: 'blocked', block: target };
    const result = await commitTo(target, request);
    if (result !== 'moved') return result;
  }
  throw new GitFailure('others kept changing the branch');
}

/** One attempt; `moved`: the branch, the index or HEAD is no longer what the commit was built on. */
async function commitTo(target: Target, request: CommitRequest): Promise<CommitResult | 'moved'> {
  const { place, isCurrent } = target;
  const { plan, contents, lockPatienceMs, memory } = request;
  if (isCurrent && lockPatienceMs === 0 && isLocked(indexPath(place)))
    return { kind: 'blocked', block: LOCKED };
  const git = request.gitIn(place.top);
  const draft = await draftCommit(git, target, contents, plan.message, Date.now(), memory.trees);
  if (draft.objects.length === 0) {
    if (isCurrent) await healIndex(git, place);
    return { kind: 'unchanged' };
  }
  try {
    const result = isCurrent
      ? await onCurrent(git, target, draft, request)
      : await onOther(git, target, draft, request);
    if (result === 'moved') return 'moved';
    if (result === 'locked') return { kind: 'blocked', block: LOCKED };
  } catch (error) {
    if (isCurrent) await healAfterFailure(place.top);
    throw error;
  }
  memory.trees = draft.trees;
  return { kind: 'committed', sha: draft.sha, target, objects: draft.objects };
}

/** On the branch that is checked out: the user's index goes with it. */
async function onCurrent(
  git: Git,
  target: Target,
  draft: Draft,
  { lockPatienceMs, memory, plan }: CommitRequest,
): Promise<'done' | 'moved' | 'locked'> {
  const { place } = target;
  const move = moveOf(git, target, draft, plan);
  const objectsWritten = writeObjects(git, place.format, draft.objects);
  const staging = { patienceMs: lockPatienceMs, objectsWritten, move, known: memory.index };
  try {
    const [swapped] = await Promise.all([stageEntries(git, place, draft.files, staging), objectsWritten]);
    if (swapped === 'locked' || swapped === 'moved') return swapped;
    // Without a new index nothing has locked the branch yet.
    if (swapped === null && (!stillAt(place) || (await move.lock()) === 'conflict')) return 'moved';
    await move.go();
    memory.index = swapped === null ? null : { seen: swapped.ours, entries: swapped.entries };
    await settleIndex(git, place, draft.sha, swapped);
    return 'done';
  } finally {
    await move.unlock();
  }
}

/** On a branch that no work tree shows. */
async function onOther(
  git: Git,
  target: Target,
  draft: Draft,
  { plan }: CommitRequest,
): Promise<'done' | 'moved'> {
  const move = moveOf(git, target, draft, plan);
  try {
    await writeObjects(git, target.place.format, draft.objects);
    if ((await move.lock()) === 'conflict') return 'moved';
    await move.go();
    return 'done';
  } finally {
    await move.unlock();
  }
}

function moveOf(git: Git, { ref, parent, place }: Target, { sha }: Draft, plan: CommitPlan): BranchMove {
  return new BranchMove(git, { place, ref, from: parent, to: sha, reason: `watchkeeper: ${plan.subject}` });
}
