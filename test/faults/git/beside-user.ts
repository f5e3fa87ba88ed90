import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { until } from '../../helpers/until.ts';
import { gitEnvironment, type Workspace } from '../../helpers/workspace.ts';
import { type Fault, missed } from '../fault.ts';
import { iterationsIn } from '../told.ts';
import { conclude } from '../trial.ts';
import { quiet, running } from './running.ts';

const COMMITS = { quick: 10, full: 200 };
const PAUSE_MS = 150;

export const besideUser: Fault = {
  id: 'git/beside-the-user',
  group: 'git',
  weight: 'critical',
  fault: 'the user adds and commits 200 times while the supervisor commits all the time',
  promise: 'no commit of either side is lost or undone, and each holds its own files and no others',
  quick: false,
  needs: [],
  limitSeconds: { quick: 120, full: 900 },
  async inject(context) {
    const count = COMMITS[context.size];
    const files = Array.from({ length: count }, (_, index) => `user-${index}.txt`);
    const tried = quiet(context, { changing: files });
    const supervisor = await running(context, tried);
    const ours = (): string[] =>
      iterationsIn(supervisor.supervisor.stdout()).flatMap(({ commit }) => commit ?? []);
    let [refused, isOver] = [0, false];
    const user = (async () => {
      for (const [index, file] of files.entries()) {
        refused += await userCommit(tried.workspace, file, index);
        await sleep(context.random() * PAUSE_MS);
        const seen = ours().length;
        // However slow the machine is, both come to their turn.
        if (index % 4 === 3) await until('we have committed, too', () => ours().length > seen);
        if (index % 50 === 49) context.progress(`${index + 1} of ${count} commits`);
      }
    })().finally(() => {
      isOver = true;
    });
    while (!isOver) await supervisor.iterate();
    await user;
    await supervisor.iterate();
    await supervisor.stop();
    const problems = historyProblems(tried.workspace, ours(), files);
    const mixed = turnsTaken(tried.workspace);
    if (mixed < count / 5) return missed(`the sides took turns only ${mixed} times`);
    const words = `${count} commits of the user and ${ours().length} of ours, ${mixed} changes of turn; git refused the user ${refused} times`;
    return conclude(tried, problems, words, { faultsInjected: count });
  },
};

/** As a person does it: where git says that another git is at work, once more. Gives how often it was refused. */
async function userCommit(workspace: Workspace, file: string, index: number): Promise<number> {
  const git = promisify(execFile);
  const options = { cwd: workspace.root, env: gitEnvironment() };
  workspace.write(file, `${index}\n`);
  for (let refused = 0; ; refused += 1) {
    try {
      await git('git', ['add', file], options);
      await git('git', ['commit', '--quiet', `--message=user ${index}`], options);
      return refused;
    } catch (error) {
      if (refused > 50) throw error;
      await sleep(5);
    }
  }
}

function historyProblems(workspace: Workspace, ours: string[], files: string[]): string[] {
  const listing = workspace.git('log', '--reverse', '--format=%x00%h%x09%an%x09%s', '--name-status');
  const commits = listing
    .split('\0')
    .slice(2) // nothing, and the first commit of the workspace
    .map(text => {
      const [head = '', ...changes] = text.split('\n').filter(Boolean);
      const [sha = '', author = '', subject = ''] = head.split('\t');
      return { sha, isOurs: author === 'Watchkeeper', subject, changes };
    });
  const shas = commits.filter(({ isOurs }) => isOurs).map(({ sha }) => sha);
  const theirs = commits.filter(({ isOurs }) => !isOurs);
  return [
    ...ours.filter(sha => !shas.includes(sha)).map(sha => `our commit ${sha} is lost`),
    ...files.flatMap((file, index) => {
      const found = theirs.filter(({ subject }) => subject === `user ${index}`);
      const expected = `A\t${file}`;
      const changes = found[0]?.changes.join(', ') ?? 'missing';
      return found.length === 1 && changes === expected
        ? []
        : [`commit ${index} of the user is there ${found.length} times, with ${changes}`];
    }),
    ...commits
      .filter(({ isOurs, changes }) => isOurs && changes.some(line => !/^[AM]\tdata\//.test(line)))
      .map(({ sha, changes }) => `our commit ${sha} holds ${changes.join(', ')}`),
  ];
}

function turnsTaken({ git }: Workspace): number {
  const authors = git('log', '--format=%an').trim().split('\n');
  return authors.filter((author, index) => index > 0 && author !== authors[index - 1]).length;
}
