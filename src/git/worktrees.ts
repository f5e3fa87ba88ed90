import { join } from 'node:path';
import { messageOf, WatchkeeperError } from '../errors.ts';
import { removeTree } from '../remove-tree.ts';
import { output, withinTime } from './call.ts';
import { checkoutFiltersOff } from './configuration.ts';
import type { Location } from './place.ts';

/** A large repository takes its time. */
const ADD_MS = 600_000;
const OTHER_MS = 60_000;
/** Work trees have so much of their commit's hash as their name. */
const NAME_LENGTH = 12;

/**
 * Checks a commit out into a work tree of its own, `FOLDER/HASH`. Nothing of the user's is touched: no branch, no index, no file; no hook
 * and no filter is run, so that what a filter would have made (Git LFS) is there as git keeps it.
 *
 * @returns its path
 * @throws WatchkeeperError 'file'; what was half made is for `removeWorktree`
 */
export async function addWorktree(
  { top, configuration }: Location,
  folder: string,
  hash: string,
  stop: AbortSignal,
): Promise<string> {
  const path = worktreePath(folder, hash);
  const config = [...checkoutFiltersOff(configuration), 'submodule.recurse=false'];
  try {
    await withinTime(
      ADD_MS,
      top,
      git => output(git(null), ['worktree', 'add', '--detach', '--quiet', path, hash], { config }),
      stop,
    );
    return path;
  } catch (error) {
    throw new WatchkeeperError(
      'file',
      `${hash.slice(0, NAME_LENGTH)} could not be checked out: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

export function worktreePath(folder: string, hash: string): string {
  return join(folder, hash.slice(0, NAME_LENGTH));
}

/** Removes a work tree of ours, and what git knows of it. Never throws: what is left is found by `worktreesOf` again. */
export async function removeWorktree({ top }: Pick<Location, 'top'>, path: string): Promise<void> {
  try {
    removeTree(path);
    await withinTime(OTHER_MS, top, git => git(null)(['worktree', 'remove', '--force', '--force', path]));
  } catch {
    // A folder with files of another user, a repository that is gone: the next sweep tries again.
  }
}

/** The work trees that git knows of and that have such paths. */
export async function worktreesOf(
  { top }: Pick<Location, 'top'>,
  isOurs: (path: string) => boolean,
): Promise<string[]> {
  const listed = await withinTime(OTHER_MS, top, git => git(null)(['worktree', 'list', '--porcelain']));
  return listed.stdout
    .split('\n')
    .flatMap(line => /^worktree (.+)$/.exec(line)?.[1] ?? [])
    .filter(isOurs);
}
