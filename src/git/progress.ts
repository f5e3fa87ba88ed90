import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, BlockKind } from './blocked.ts';

/**
 * What git itself leaves in its folder while the user is in the middle of something. The order matters: a rebase
 * that stops at a conflict also leaves CHERRY_PICK_HEAD, and must not change its name in between.
 */
const SIGNS: readonly { file: string; kind: BlockKind; reason: string }[] = [
  { file: 'rebase-merge', kind: 'rebase', reason: 'a rebase is in progress' },
  { file: 'rebase-apply', kind: 'rebase', reason: 'a rebase or `git am` is in progress' },
  { file: 'MERGE_HEAD', kind: 'merge', reason: 'a merge is in progress' },
  { file: 'CHERRY_PICK_HEAD', kind: 'cherry-pick', reason: 'a cherry-pick is in progress' },
  { file: 'REVERT_HEAD', kind: 'revert', reason: 'a revert is in progress' },
  { file: 'sequencer', kind: 'cherry-pick', reason: 'a cherry-pick or revert is in progress' },
  { file: 'BISECT_LOG', kind: 'bisect', reason: 'a bisect is in progress' },
];

/** What the user is in the middle of, seen from the git folder of the work tree; null: nothing. */
export function inProgress(gitDir: string): Block | null {
  const sign = SIGNS.find(({ file }) => existsSync(join(gitDir, file)));
  return sign === undefined ? null : { kind: sign.kind, reason: sign.reason };
}
