import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { gitEnvironment, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { FILES, filesOf, open, planOf, writeData } from './support.ts';

failOnLeaks();

const COMMITS = 30;

test('a user who commits all the time loses nothing, and neither do we', async t => {
  const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
  const repository = open(workspace);
  const ours: string[] = [];
  let isUserDone = false;
  const user = (async () => {
    for (let index = 0; index < COMMITS; index += 1) {
      await userCommit(workspace, index);
      // From no pause at all to one in which a commit of ours fits, however slow the machine is.
      await sleep((index * 67) % 150);
      const seen = ours.length;
      if (index % 5 === 4) await until('we have committed, too', () => ours.length > seen);
    }
    isUserDone = true;
  })();
  let iteration = 0;
  while (!isUserDone) {
    iteration += 1;
    writeData(workspace, iteration);
    const outcome = await repository.commit(planOf(iteration));
    if (outcome.kind === 'committed') ours.push(outcome.sha);
    await sleep(10);
  }
  await user;

  const history = workspace
    .git('log', '--first-parent', '--reverse', '--format=%H %an %s')
    .trim()
    .split('\n');
  const commits = history.map(line => {
    const [sha = '', author = '', ...subject] = line.split(' ');
    return { sha, author, subject: subject.join(' ') };
  });
  const users = commits.filter(({ subject }) => subject.startsWith('user '));
  t.diagnostic(`${users.length} commits of the user, ${ours.length} of ours`);
  assert.deepEqual(
    users.map(({ subject }) => subject),
    Array.from({ length: COMMITS }, (_, index) => `user ${index}`),
  );
  assert.deepEqual(
    commits.filter(({ author }) => author === 'Watchkeeper').map(({ sha }) => sha),
    ours,
  );
  for (const { sha } of commits.filter(({ author }) => author === 'Watchkeeper')) {
    assert.ok(filesOf(workspace, sha).every(file => FILES.includes(file)));
  }
  for (const [index, { sha }] of users.entries()) {
    assert.ok(filesOf(workspace, sha).includes(`user-${index}.ts`));
    assert.equal(workspace.git('show', `${sha}:user-${index}.ts`), `${index}\n`);
  }
  assertNeverBack(
    workspace,
    commits.map(({ sha }) => sha),
  );

  writeData(workspace, iteration + 1);
  assert.equal((await repository.commit(planOf(iteration + 1))).kind, 'committed');
  assert.equal(workspace.git('status', '--porcelain'), '');
  workspace.git('fsck', '--strict');
});

/** As a person does it: when git says that another git is at work, once more. */
async function userCommit(workspace: Workspace, index: number): Promise<void> {
  const options = { cwd: workspace.root, env: gitEnvironment() };
  const git = promisify(execFile);
  workspace.write(`user-${index}.ts`, `${index}\n`);
  for (let tries = 0; ; tries += 1) {
    try {
      await git('git', ['add', `user-${index}.ts`], options);
      await git('git', ['commit', '--quiet', `--message=user ${index}`], options);
      return;
    } catch (error) {
      if (tries > 50) throw error;
      await sleep(5);
    }
  }
}

/** The data only ever go forward: no commit, of whomever, takes an earlier one's back. */
function assertNeverBack(workspace: Workspace, commits: string[]): void {
  const iterations = commits.map(sha => {
    const listed = workspace.git('ls-tree', '--name-only', sha, 'data/performance.json');
    return listed === '' ? 0 : JSON.parse(workspace.git('show', `${sha}:data/performance.json`)).iteration;
  });
  assert.deepEqual(
    iterations,
    [...iterations].sort((a, b) => a - b),
  );
}
