import { join } from 'node:path';
import { linkOf, textOf } from './files.ts';

/** What is checked out. */
export interface Head {
  /** `refs/heads/NAME`; null on a detached HEAD. */
  branch: string | null;
  /** The newest commit; null on a branch that has none yet. */
  commit: string | null;
}

/**
 * What is checked out, read from the files of a repository in the simple case (a branch with a file of its own), which
 * saves a process. Null in any other (detached, without a commit, packed, reftables): then git has to be asked.
 * Whoever moves the branch has to compare its old value in the same step anyway.
 */
export function readHead({ gitDir, commonDir }: { gitDir: string; commonDir: string }): Head | null {
  const branch = /^ref: (refs\/heads\/.+)\n$/.exec(referenceIn(join(gitDir, 'HEAD')) ?? '')?.[1];
  if (branch === undefined) return null;
  const commit = /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.exec(referenceIn(join(commonDir, branch)) ?? '')?.[1];
  return commit === undefined ? null : { branch, commit };
}

/** Not through a link, which is another way to write a reference: git knows more of that, and of what is not to be read. */
function referenceIn(path: string): string | null {
  return linkOf(path) === null ? textOf(path) : null;
}
