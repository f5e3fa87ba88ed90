import { type Git, output } from './call.ts';
import { GitFailure } from './failure.ts';
import type { Entry } from './tree.ts';

/** How the index has one file: its entry, and the flags that a new entry would lose. */
export interface IndexEntry {
  entry: Entry;
  /** The file is in conflict, or in several stages: not ours to settle. */
  conflict: boolean;
  assumeUnchanged: boolean;
  skipWorktree: boolean;
}

const ABSENT: IndexEntry = { entry: null, conflict: false, assumeUnchanged: false, skipWorktree: false };

/** What an index file says of `paths` (from the root of the work tree, in which `git` works). */
export async function readIndexEntries(
  git: Git,
  indexFile: string,
  paths: string[],
): Promise<Map<string, IndexEntry>> {
  const args = ['--literal-pathspecs', 'ls-files', '-v', '--stage', '-z', '--', ...paths];
  const { stdout } = await output(git, args, { env: { GIT_INDEX_FILE: indexFile } });
  const entries = new Map(paths.map(path => [path, ABSENT]));
  for (const record of stdout.split('\0')) {
    const [, tag, mode, oid, stage, path] = /^(.) (\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(record) ?? [];
    if (tag === undefined || path === undefined || !entries.has(path)) continue;
    entries.set(path, {
      entry: `${mode} ${oid}`,
      conflict: stage !== '0',
      assumeUnchanged: tag !== tag.toUpperCase(),
      skipWorktree: tag.toUpperCase() === 'S',
    });
  }
  return entries;
}

/** Puts entries into an index file, or takes them out (null), and leaves all else in it alone, flags included. `config`: for git. */
export async function writeIndexEntries(
  git: Git,
  indexFile: string,
  changes: Map<string, { before: IndexEntry; entry: Entry }>,
  config: string[],
): Promise<void> {
  const options = { env: { GIT_INDEX_FILE: indexFile }, config };
  const added: string[] = [];
  const removed: string[] = [];
  for (const [path, { entry }] of changes) {
    if (entry === null) removed.push(path);
    else added.push('--cacheinfo', `${entry.replace(' ', ',')},${path}`);
  }
  // Without --replace: where the user has put a file in the place of our folder, git refuses, and theirs stays.
  // --verbose for the sake of speed: simple-git waits a while for the output of a command that prints nothing.
  const removal = removed.length > 0 ? ['--force-remove', '--', ...removed] : [];
  await output(git, ['update-index', '--verbose', '--add', ...added, ...removal], options);
  for (const flag of ['assumeUnchanged', 'skipWorktree'] as const) {
    const flagged = [...changes].filter(([, { before, entry }]) => before[flag] && entry !== null);
    const option = flag === 'assumeUnchanged' ? '--assume-unchanged' : '--skip-worktree';
    const paths = flagged.map(([path]) => path);
    if (paths.length > 0) await output(git, ['update-index', option, '--', ...paths], options);
  }
}

/**
 * Rejects with GitFailure where an index is out of order. Some versions of git (2.39 is one) write the first entry again
 * and again in the place of all others, when they unfold a sparse index in which a file was announced by `add -N`.
 */
export async function checkIndex(git: Git, indexFile: string): Promise<void> {
  const { bytes } = await output(git, ['ls-files', '--stage', '-z'], { env: { GIT_INDEX_FILE: indexFile } });
  const entries = bytes.toString('latin1').split('\0').slice(0, -1);
  // `MODE ID STAGE TAB PATH`: in the order of paths, then stages.
  const keys = entries.map(
    entry => `${entry.slice(entry.indexOf('\t') + 1)}\0${entry.charAt(entry.indexOf('\t') - 1)}`,
  );
  if (keys.some((key, at) => at > 0 && key <= (keys[at - 1] ?? '')))
    throw new GitFailure(
      'git damaged its copy of the sparse index; `git sparse-checkout reapply --no-sparse-index` helps',
    );
}
