import { chmodSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import type { Workspace } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { conclude, type Trial } from '../trial.ts';
import { quiet, running } from './running.ts';
import { differences, userView } from './user-work.ts';

const COMMITS = { quick: 4, full: 100 };

const FILES = Object.fromEntries(
  [
    'kept',
    'changed',
    'twice',
    'moved',
    'gone',
    'missing',
    'mode',
    'mode-staged',
    'link',
    'assumed',
    'skipped',
  ].map(name => [`${name}.txt`, `${name}\nand more of it\n`]),
);

/** Everything at once that can be staged or changed without a conflict. */
function stageMuch(workspace: Workspace): void {
  const { git, write, path } = workspace;
  git('switch', '--quiet', '--create', 'side');
  write('from-side.txt', 'side\n');
  git('add', 'from-side.txt');
  git('commit', '--quiet', '--message=side');
  git('switch', '--quiet', 'main');
  git('merge', '--quiet', '--squash', 'side');
  write('new.txt', 'new\n');
  write('changed.txt', 'changed and not staged\n');
  write('twice.txt', 'staged\n');
  write('data/notes.txt', 'a file of the user in data/\n');
  git('add', '--force', 'new.txt', 'twice.txt', 'data/notes.txt');
  write('twice.txt', 'staged and changed again\n');
  git('mv', 'moved.txt', 'moved-away.txt');
  git('rm', '--quiet', 'gone.txt');
  rmSync(path('missing.txt'));
  chmodSync(path('mode.txt'), 0o755);
  git('update-index', '--chmod=+x', 'mode-staged.txt');
  renameSync(path('link.txt'), path('link-target.txt'));
  symlinkSync('link-target.txt', path('link.txt'));
  git('add', 'link.txt');
  write('intended.txt', 'intended\n');
  git('add', '--intent-to-add', 'intended.txt');
  git('update-index', '--assume-unchanged', 'assumed.txt');
  git('update-index', '--skip-worktree', 'skipped.txt');
  write('assumed.txt', 'changed where git does not look\n');
  write('skipped.txt', 'changed where git does not look\n');
  write('unknown.txt', 'unknown\n');
}

/** Three stages of one file, without a merge that is under way. */
function conflict({ git, write }: Workspace): void {
  write('changed.txt', 'stashed\n');
  git('stash', '--quiet');
  write('changed.txt', 'committed\n');
  git('commit', '--quiet', '--all', '--message=committed');
  try {
    git('stash', 'pop', '--quiet');
  } catch {
    // it ends with 1 where there is a conflict, which is what is wanted
  }
}

function sparse({ git, write }: Workspace, options: string[]): void {
  for (const name of ['inside/a.txt', 'outside/b.txt', 'outside/deep/c.txt']) write(name, `${name}\n`);
  git('add', '--all');
  git('commit', '--quiet', '--message=folders');
  git('sparse-checkout', 'set', ...options);
  write('inside/a.txt', 'staged\n');
  git('add', 'inside/a.txt');
  write('inside/a.txt', 'changed again\n');
}

const KINDS: Record<string, (workspace: Workspace) => void> = {
  'staged and changed': stageMuch,
  conflict,
  sparse: workspace => sparse(workspace, ['--cone', 'inside', 'data']),
  'sparse without data/': workspace => sparse(workspace, ['--cone', 'inside']),
  'sparse by patterns': workspace => sparse(workspace, ['--no-cone', '/*', '!outside/']),
};

export const untouched: Fault = {
  id: 'git/users-work',
  group: 'git',
  weight: 'critical',
  fault:
    'work of the user lies about during many commits: staged (new, changed again, renamed, deleted, mode, link, squashed merge), intent-to-add, a conflict, assume-unchanged, skip-worktree, sparse checkouts',
  promise: 'index and files are the same to the byte, and a commit of the user holds what was staged',
  quick: false,
  needs: [],
  limitSeconds: { quick: 180, full: 1_800 },
  async inject(context) {
    const problems: string[] = [];
    for (const [what, prepare] of Object.entries(KINDS)) {
      context.progress(what);
      const found = await leftAlone(context, prepare, COMMITS[context.size]);
      if (!found.kept) problems.push(`${what}: ${found.happened}`);
    }
    const count = Object.keys(KINDS).length * COMMITS[context.size];
    return outcome(problems, `${count} commits beside work of the user`);
  },
};

async function leftAlone(context: FaultContext, prepare: (workspace: Workspace) => void, commits: number) {
  const { workspace } = quiet(context, { files: FILES });
  prepare(workspace);
  const tried: Trial = { workspace, witness: new Witness(workspace) };
  const before = userView(workspace);
  const staged = stagedBlobs(workspace);
  const supervisor = await running(context, tried);
  for (let made = 1; made < commits; made += 1) {
    if ((await supervisor.iterate()) === null) return missed(`no commit: ${supervisor.said(/./).join('; ')}`);
  }
  await supervisor.stop();
  const problems = differences(before, userView(workspace));
  const { happened, kept } = await conclude(tried, problems, `${commits} commits`);
  return kept ? outcome(laterCommit(workspace, staged), happened) : outcome(problems, happened, {});
}

/** The user commits what is staged: exactly that is in it. Nothing where there is a conflict, which git refuses. */
function laterCommit(workspace: Workspace, staged: string): string[] {
  if (workspace.git('ls-files', '--unmerged') !== '') return [];
  workspace.git('commit', '--quiet', '--message=mine');
  const committed = workspace.git('diff-tree', '-r', '--no-commit-id', 'HEAD');
  return committed === staged ? [] : [`the user's commit holds ${committed}, not ${staged}`];
}

function stagedBlobs(workspace: Workspace): string {
  return workspace.git('diff-index', '--cached', '--ita-invisible-in-index', 'HEAD');
}
