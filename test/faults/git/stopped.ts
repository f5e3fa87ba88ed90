import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../../helpers/workspace.ts';
import { type Fault, missed } from '../fault.ts';
import { conclude } from '../trial.ts';
import { heard, quiet, RESUMED, type Running, running, STOPPED } from './running.ts';

interface Stop {
  enter(workspace: Workspace): void;
  leave(workspace: Workspace): void;
  /** What the reason is called. */
  word: RegExp;
}

/** Something of git's that ends with an error when it stops for a conflict. */
const stopping = (...args: string[]) => ({
  enter({ git }: Workspace): void {
    try {
      git(...args);
    } catch {
      return; // it has stopped, as it should
    }
    throw new Error(`git ${args.join(' ')} did not stop`);
  },
});

const aborted = (command: string) => ({
  leave: ({ git }: Workspace): void => void git(command, '--abort'),
});

const EDIT = 'sequence.editor=sed -i 1s/^pick/edit/';

const STOPS: Record<string, Stop> = {
  'merge with a conflict': { ...stopping('merge', 'side'), ...aborted('merge'), word: /merge/ },
  'merge that waits for its commit': {
    enter: ({ git }) => void git('merge', '--quiet', '--no-ff', '--no-commit', 'clean'),
    ...aborted('merge'),
    word: /merge/,
  },
  rebase: { ...stopping('rebase', '--merge', 'side'), ...aborted('rebase'), word: /rebase/ },
  'rebase --apply': { ...stopping('rebase', '--apply', 'side'), ...aborted('rebase'), word: /rebase/ },
  'rebase that stops to edit': {
    enter: ({ git }) => void git('-c', EDIT, 'rebase', '--quiet', '--interactive', 'HEAD~1'),
    ...aborted('rebase'),
    word: /rebase/,
  },
  'cherry-pick': { ...stopping('cherry-pick', 'side'), ...aborted('cherry-pick'), word: /cherry-pick/ },
  revert: { ...stopping('revert', '--no-edit', 'older'), ...aborted('revert'), word: /revert/ },
  am: { ...stopping('am', '--quiet', '../side.patch'), ...aborted('am'), word: /am\b|rebase/ },
  bisect: {
    enter({ git }) {
      git('bisect', 'start');
      git('bisect', 'bad', 'HEAD');
      git('bisect', 'good', 'first');
    },
    leave({ git }) {
      git('restore', 'data'); // git takes no step over files that differ
      git('bisect', 'reset');
    },
    word: /bisect/,
  },
  'detached HEAD': {
    enter: ({ git }) => void git('switch', '--quiet', '--detach'),
    leave: ({ git }) => void git('switch', '--quiet', 'main'),
    word: /detached/,
  },
  'unborn branch': {
    enter: ({ git }) => void git('symbolic-ref', 'HEAD', 'refs/heads/fresh'),
    leave: ({ git }) => void git('symbolic-ref', 'HEAD', 'refs/heads/main'),
    word: /no commit yet/,
  },
};

const ITERATIONS = { quick: 2, full: 10 };

export const stoppedInTheMiddle: Fault = {
  id: 'git/stopped-in-the-middle',
  group: 'git',
  weight: 'critical',
  fault:
    'the user is stopped in a merge, rebase (both backends, and to edit), cherry-pick, revert, am or bisect, on a detached HEAD or a branch without a commit, and iterations go on',
  promise:
    'nothing is added meanwhile, it is said once, and once when it is over; then what was missed is committed',
  quick: false,
  needs: [],
  limitSeconds: { quick: 180, full: 900 },
  async inject(context) {
    const tried = quiet(context, { files: { 'notes.txt': 'first\n' }, changing: ['notes.txt'] });
    const supervisor = await running(context, tried);
    history(tried.workspace, join(context.folder, 'side.patch'));
    const problems: string[] = [];
    let count = 0;
    for (const [what, stop] of Object.entries(STOPS)) {
      if ((await supervisor.iterate()) === null) return missed(`before ${what}: ${supervisor.said(STOPPED)}`);
      count += 1;
      const found = await during(supervisor, tried.workspace, stop, {
        count,
        iterations: ITERATIONS[context.size],
      });
      problems.push(...found.map(problem => `${what}: ${problem}`));
      context.progress(`${what}: ${found.join('; ') || 'kept'}`);
    }
    const { code } = await supervisor.stop();
    if (code !== 0) problems.push(`it ended with ${code}`);
    return conclude(tried, problems, `${count} stops`, { faultsInjected: count });
  },
};

/** Two branches that do not fit together, one that does, and a commit that cannot be reverted; all have `data/` in them. */
function history({ git, write }: Workspace, patch: string): void {
  git('tag', 'first');
  for (const [branch, file, text] of [
    ['side', 'notes.txt', 'side\n'],
    ['clean', 'other.txt', 'other\n'],
  ] as const) {
    git('switch', '--quiet', '--create', branch, 'first');
    write(file, text);
    git('add', file);
    git('commit', '--quiet', `--message=${branch}`);
  }
  writeFileSync(patch, git('format-patch', '-1', '--stdout', 'side'));
  git('switch', '--quiet', 'main');
  for (const text of ['older\n', 'newer\n']) {
    write('notes.txt', text);
    git('commit', '--quiet', '--all', `--message=${text}`);
  }
  git('tag', 'older', 'HEAD~1');
}

async function during(
  supervisor: Running,
  workspace: Workspace,
  { enter, leave, word }: Stop,
  { count, iterations }: { count: number; iterations: number },
): Promise<string[]> {
  enter(workspace);
  const before = gitState(workspace);
  const problems: string[] = [];
  for (let turn = 0; turn < iterations; turn += 1) {
    const commit = await supervisor.iterate();
    if (commit !== null) problems.push(`${commit} was committed`);
  }
  if (gitState(workspace) !== before) problems.push(`git had ${before}, and has ${gitState(workspace)}`);
  const stops = await heard(supervisor, STOPPED, count);
  if (stops.length !== count || !word.test(stops.at(-1) ?? ''))
    problems.push(`${stops.length} warnings after ${count} stops, the last one '${stops.at(-1)}'`);
  leave(workspace);
  const commit = await supervisor.iterate();
  const resumes = await heard(supervisor, RESUMED, count);
  if (resumes.length !== count) problems.push(`${resumes.length} lines after ${count} ends`);
  if (commit === null) return [...problems, `no commit after it: ${supervisor.said(STOPPED).at(-1)}`];
  const dirty = workspace.git('status', '--porcelain', 'data');
  return dirty === '' ? problems : [...problems, `after it git status says ${dirty}`];
}

/** Where HEAD and all branches are, and what is staged. */
function gitState({ git, path }: Workspace): string {
  return [readFileSync(path('.git/HEAD'), 'utf8'), git('for-each-ref'), git('ls-files', '--stage')].join(
    '\n',
  );
}
