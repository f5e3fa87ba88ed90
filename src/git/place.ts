import { join, resolve } from 'node:path';
import type { Block } from './blocked.ts';
import type { CallResult, Git } from './call.ts';
import { firstLine } from './call.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { linkOf, textOf } from './files.ts';
import type { ObjectFormat } from './objects.ts';
import { inProgress } from './progress.ts';

/** Where the workspace lies in its repository. */
export interface Location {
  /** The git folder of this work tree, absolute; in a linked worktree it is not the repository's own. */
  gitDir: string;
  /** The git folder of the repository, with its objects and branches, absolute. */
  commonDir: string;
  /** The root of the work tree, absolute. */
  top: string;
  /** The workspace below `top`: '' or `folder/folder/`. */
  prefix: string;
  format: ObjectFormat;
  configuration: Configuration;
}

/** The same, and what is checked out there. */
export interface Place extends Location {
  /** The branch that is checked out, `refs/heads/NAME`; null on a detached HEAD. */
  branch: string | null;
  /** The newest commit of HEAD; null on a branch that has none yet. */
  head: string | null;
}

/** Finds the repository around the folder that `git` works in. */
export async function locate(git: Git): Promise<Place | Block> {
  const found = await git([
    'rev-parse',
    '--absolute-git-dir',
    '--show-toplevel',
    '--show-prefix',
    '--show-object-format',
    'HEAD',
    '--symbolic-full-name',
    'HEAD',
  ]);
  const [gitDir, top, prefix, formatName, head, name, ...rest] = found.stdout.split('\n');
  if (gitDir === undefined || top === undefined || prefix === undefined) return noRepository(found);
  const isOneLine = top.startsWith('/') && rest.length <= 1;
  if (!isOneLine || /\uFFFD/.test(gitDir + top + prefix)) {
    return { kind: 'failed', reason: 'the path of the repository is not plain UTF-8 text on one line' };
  }
  const format: ObjectFormat = formatName === 'sha256' ? 'sha256' : 'sha1';
  const commonDir = resolve(gitDir, textOf(join(gitDir, 'commondir'))?.trim() ?? '');
  const configuration = await readConfiguration(git, { top, gitDir, commonDir });
  const place = { gitDir, commonDir, top, prefix, format, configuration };
  if (found.exitCode !== 0) return { ...place, head: null, branch: await unbornBranch(git) };
  const branch = name?.startsWith('refs/heads/') ? name : null;
  return { ...place, head: head ?? null, branch };
}

export function isBlock(value: object): value is Block {
  return 'kind' in value && 'reason' in value;
}

/** Why HEAD of this place takes no commit of ours just now; null: it does. */
export function blockOf(place: Place): Block | null {
  const busy = inProgress(place.gitDir);
  if (busy !== null) return busy;
  if (place.branch === null) {
    return { kind: 'detached', reason: 'HEAD is detached; check out a branch, or set `git.ref`' };
  }
  if (place.head === null) {
    return { kind: 'unborn', reason: 'the branch has no commit yet; make the first one' };
  }
  return null;
}

/**
 * False once the user has switched branches, begun a merge or the like, or (as far as files tell) committed. Cheap and
 * synchronous: for the last moment before something is changed.
 */
export function stillAt({ gitDir, commonDir, branch, head }: Place): boolean {
  const name = branchIn(join(gitDir, 'HEAD'));
  // A repository with reftables has a placeholder here; the branch itself cannot be seen from outside.
  if (name !== branch && name !== 'refs/heads/.invalid') return false;
  // No file of its own: a branch that `git pack-refs` has packed, and that nobody has moved since.
  const newest = branch === null ? null : textOf(join(commonDir, branch));
  return (newest === null || newest.trim() === head) && inProgress(gitDir) === null;
}

/** The name in a HEAD, which may also be a link to the branch (`core.preferSymlinkRefs`); undefined where it is detached. */
function branchIn(head: string): string | undefined {
  const [, name] = /^ref:\s*(.*?)\s*$/.exec(textOf(head) ?? '') ?? [];
  return name ?? linkOf(head) ?? undefined;
}

async function unbornBranch(git: Git): Promise<string | null> {
  const name = (await git(['symbolic-ref', '--quiet', 'HEAD'])).stdout.trim();
  return name.startsWith('refs/heads/') ? name : null;
}

function noRepository({ exitCode, stderr }: CallResult): Block {
  if (exitCode < 0 && /\b(ENOENT|EACCES)\b/.test(stderr)) {
    return { kind: 'no-git', reason: 'there is no git on the PATH; install it, or set `git.enabled: false`' };
  }
  if (/dubious ownership|unsafe repository/.test(stderr)) {
    return {
      kind: 'ownership',
      reason:
        'git does not trust this repository, because it belongs to another user; see `git config safe.directory`',
    };
  }
  if (/not a git repository/.test(stderr)) {
    return {
      kind: 'no-repository',
      reason: 'the workspace is not in a git repository; `git init` makes one, or set `git.enabled: false`',
    };
  }
  if (/must be run in a work tree/.test(stderr)) {
    return { kind: 'no-work-tree', reason: 'the git repository has no work tree' };
  }
  return { kind: 'failed', reason: `git could not read the repository: ${firstLine(stderr)}` };
}
