/** Why no commit can be made just now. `kind` is for code, `reason` for a person: it follows "Not committing: ". */
export interface Block {
  kind: BlockKind;
  reason: string;
}

export type BlockKind =
  | 'no-git'
  | 'old-git'
  | 'no-repository'
  | 'no-work-tree'
  | 'ownership'
  | 'rebase'
  | 'merge'
  | 'cherry-pick'
  | 'revert'
  | 'bisect'
  | 'detached'
  | 'unborn'
  | 'checked-out-elsewhere'
  | 'index-locked'
  | 'failed';

/** What a person is told when one state follows another. */
export interface Announcement {
  warning: string | null;
  info: string | null;
}

/** One warning when commits stop, or stop for another reason; one line when they go on; silence in between. Pure. */
export function announce(before: Block | null, now: Block | null): Announcement {
  if (now === null) {
    return { warning: null, info: before === null ? null : `Committing again (it was: ${before.reason}).` };
  }
  if (before?.kind === now.kind) return { warning: null, info: null };
  return {
    warning: `Not committing: ${now.reason}. Runs go on, and what is missed goes into the next commit.`,
    info: null,
  };
}
