import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { countingGit } from './scripted-git.ts';
import { commitData, committed, FILES, filesOf, open, planOf, type Told, writeData } from './support.ts';

failOnLeaks();

/** A repository whose settings are no longer fresh, with one commit of ours. */
async function settled(
  t: TestContext,
): Promise<{ workspace: Workspace; repository: Told; git: ReturnType<typeof countingGit> }> {
  const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
  const repository = open(workspace);
  const git = countingGit(t);
  await commitData(workspace, repository, 1);
  await until('the location is remembered', async () => {
    git.take();
    await git.during(() => repository.revision());
    return git.take().length === 1;
  });
  return { workspace, repository, git };
}

test('a revision costs one process, and a commit three', async t => {
  const { workspace, repository, git } = await settled(t);
  for (const iteration of [2, 3]) {
    writeData(workspace, iteration);
    assert.match((await git.during(() => repository.revision())) ?? '', /^[0-9a-f]{7,}$/);
    assert.deepEqual(git.take(), ['status']);
    committed(await git.during(() => repository.commit(planOf(iteration))));
    assert.deepEqual(git.take(), ['unpack-objects', 'update-index', 'update-ref']);
  }
  assert.equal(workspace.git('status', '--porcelain'), '');
});

test('after what the user does, git is asked again: nothing of it is overlooked', async t => {
  const { workspace, repository, git } = await settled(t);
  workspace.write('code.ts', 'two\n');
  workspace.git('commit', '--quiet', '--all', '--message=mine');
  const mine = workspace.git('rev-parse', '--short', 'HEAD').trim();
  assert.equal(await repository.revision(), mine);
  await commitData(workspace, repository, 2);
  assert.equal(workspace.git('rev-parse', '--short', 'HEAD^').trim(), mine);

  workspace.write('data/status.json', 'staged by the user\n');
  workspace.git('add', 'data/status.json');
  writeData(workspace, 3);
  const sha = committed(await repository.commit(planOf(3)));
  assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
  assert.equal(workspace.git('show', ':data/status.json'), 'staged by the user\n');
  workspace.git('reset', '--quiet', '--hard', mine);
  await commitData(workspace, repository, 4);
  assert.equal(workspace.git('rev-parse', '--short', 'HEAD^').trim(), mine);

  workspace.git('checkout', '--quiet', '-b', 'side', mine);
  await commitData(workspace, repository, 5);
  assert.equal(workspace.git('rev-parse', '--short', 'side^').trim(), mine);
  workspace.git('pack-refs', '--all');
  await commitData(workspace, repository, 6);
  assert.equal(workspace.git('rev-list', '--count', `${mine}..side`).trim(), '2');
  assert.equal(workspace.git('status', '--porcelain'), '');
  assert.deepEqual(repository.warnings, []);
  git.take();
});

test('a git that fails on the strength of what is remembered is asked from the start, and the reason is the true one', async t => {
  const { workspace, repository } = await settled(t);
  writeData(workspace, 2);
  const before = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  try {
    assert.equal((await repository.commit(planOf(2))).kind, 'blocked');
    assert.equal(await repository.revision(), null);
  } finally {
    process.env['PATH'] = before;
  }
  assert.match(repository.warnings.join(), /^[^\n]*no git on the PATH[^\n]*$/);
  await commitData(workspace, repository, 3);
});
