import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commitsBetween, forkOf } from '../../src/git/commits-between.ts';
import { addHistory, ownCommit } from '../helpers/history.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace, workspaceAt } from '../helpers/workspace.ts';
import './support.ts';

failOnLeaks();

const subjects = async (root: string, good: string, bad: string): Promise<string[]> =>
  (await commitsBetween(root, good, bad)).commits.map(({ subject }) => subject);

test('the commits of a line, the good one first, with what a person wants to know of each', async t => {
  const workspace = temporaryWorkspace(t);
  addHistory(workspace, [
    { subject: 'a\tb', files: { x: '1' }, author: 'Ädä O. <a@example.org>' },
    { subject: 'second', files: { x: '2' } },
  ]);
  const { location, commits } = await commitsBetween(workspace.root, 'HEAD~2', 'main');
  assert.deepEqual(
    commits.map(({ subject, author, date }) => [subject, author, date]),
    [
      ['first', 'User', commits[0]?.date],
      ['a\tb', 'Ädä O.', '2023-11-14T22:13:20+00:00'],
      ['second', 'User', '2023-11-14T23:13:20+00:00'],
    ],
  );
  assert.equal(commits[2]?.hash, workspace.git('rev-parse', 'HEAD').trim());
  assert.deepEqual(commits[2]?.parents, [commits[1]?.hash]);
  assert.equal(location.top, workspace.root);
});

test('commits of the supervisor cannot have changed a module: they are left out', async t => {
  const workspace = temporaryWorkspace(t);
  addHistory(workspace, [
    { subject: 'change', files: { x: '1' } },
    ownCommit('Performance OK (iteration 42)'),
    { ...ownCommit('by the same author, with no trailer'), files: { x: '2' }, body: '' },
    ownCommit('last'),
  ]);
  assert.deepEqual(await subjects(workspace.root, 'HEAD~4', 'HEAD~1'), [
    'first',
    'change',
    'by the same author, with no trailer',
  ]);
  assert.equal((await subjects(workspace.root, 'HEAD~4', 'HEAD')).at(-1), 'last'); // asked for
  await assert.rejects(commitsBetween(workspace.root, 'HEAD~1', 'HEAD'), {
    code: 'usage',
    message:
      /^from HEAD~1 to HEAD there are only the supervisor's own commits, .*: give an earlier one as --good$/,
  });
});

test('of a merge there is the merge alone; its other side can be bisected from where it left', async t => {
  const workspace = temporaryWorkspace(t);
  addHistory(workspace, [{ subject: 'base', files: { x: '1' } }]);
  workspace.git('checkout', '--quiet', '-b', 'side');
  for (const name of ['side 1', 'side 2'])
    workspace.git('commit', '--quiet', '--allow-empty', `--message=${name}`);
  workspace.git('checkout', '--quiet', 'main');
  workspace.git('commit', '--quiet', '--allow-empty', '--message=trunk');
  workspace.git('merge', '--quiet', '--no-ff', '--message=merge', 'side');
  const { commits } = await commitsBetween(workspace.root, 'main~2', 'main');
  assert.deepEqual(
    commits.map(({ subject }) => subject),
    ['base', 'trunk', 'merge'],
  );
  const [base, , merge] = commits;
  assert.ok(merge !== undefined);
  assert.equal(await forkOf(workspace.root, merge), base?.hash);
  assert.deepEqual(await subjects(workspace.root, base?.hash ?? '', 'side'), ['base', 'side 1', 'side 2']);
});

test('what is no line of history is told, with what to do', async t => {
  const workspace = temporaryWorkspace(t);
  addHistory(workspace, [{ subject: 'second', files: { x: '1' } }]);
  workspace.git('checkout', '--quiet', '--orphan', 'other');
  workspace.git('commit', '--quiet', '--allow-empty', '--message=other');
  for (const [good, bad, message] of [
    ['main', 'main~1', /main~1 is older than main: give the older one as --good/],
    ['main', 'main', /are the same commit/],
    ['other', 'main', /other is no ancestor of main/],
    ['nothing', 'main', /there is no commit 'nothing'/],
    ['main~1', '--all', /there is no commit '--all'/],
    ['', 'main', /there is no commit ''/],
    ['main:x', 'main', /there is no commit 'main:x'/],
  ] as const) {
    await assert.rejects(
      commitsBetween(workspace.root, good, bad),
      { code: 'usage', message },
      `${good} ${bad}`,
    );
  }
  const clone = temporaryFolder(t);
  workspace.git('clone', '--quiet', '--depth=1', `file://${workspace.root}`, clone);
  await assert.rejects(commitsBetween(clone, 'HEAD~1', 'HEAD'), {
    code: 'usage',
    message: /there is no commit 'HEAD~1': this clone is shallow, .*`git fetch --unshallow`/,
  });
  await assert.rejects(commitsBetween(temporaryFolder(t), 'a', 'b'), {
    code: 'usage',
    message: /git repository/,
  });
  const folder = join(temporaryFolder(t), 'two\nlines');
  mkdirSync(folder);
  workspaceAt(folder).git('init', '--quiet');
  await assert.rejects(commitsBetween(folder, 'a', 'b'), {
    code: 'usage',
    message: /is not plain UTF-8 text on one line$/,
  });
});
