import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace, workspaceAt } from '../helpers/workspace.ts';
import { commitData, FILES, filesOf, open, planOf, userState, writeData } from './support.ts';

failOnLeaks();

const REF = 'refs/heads/performance/log';

describe('with `git.ref` another branch gets the commits', () => {
  test('it begins with a commit of just the three files, and HEAD, index and work tree stay as they are', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    workspace.write('code.ts', 'staged\n');
    workspace.git('add', 'code.ts');
    writeData(workspace, 2);
    const repository = open(workspace, { ref: REF });
    const before = userState(workspace) + workspace.git('log', '--format=%H %d', 'HEAD', '-g');
    const first = await commitData(workspace, repository, 1);
    const second = await commitData(workspace, repository, 2);
    assert.equal(userState(workspace) + workspace.git('log', '--format=%H %d', 'HEAD', '-g'), before);
    assert.equal(workspace.git('rev-parse', REF).trim(), second);
    assert.equal(workspace.git('log', '--format=%H', REF).trim(), `${second}\n${first}`);
    assert.deepEqual(
      workspace.git('ls-tree', '-r', '--name-only', REF).trim().split('\n'),
      [...FILES].sort(),
    );
    workspace.git('fsck', '--strict');
  });

  test('a branch that is there is carried on, with all that it has', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    workspace.git('branch', 'performance/log');
    const sha = await commitData(workspace, open(workspace, { ref: REF }), 1);
    assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
    assert.equal(workspace.git('show', `${sha}:code.ts`), 'one\n');
  });

  test('whatever goes on at HEAD: detached, bisecting, or without a commit', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    const repository = open(workspace, { ref: REF });
    workspace.git('checkout', '--quiet', '--detach');
    await commitData(workspace, repository, 1);
    workspace.git('bisect', 'start');
    await commitData(workspace, repository, 2);
    workspace.git('bisect', 'reset');
    workspace.git('checkout', '--quiet', '--orphan', 'fresh');
    await commitData(workspace, repository, 3);
    assert.equal(workspace.git('rev-list', '--count', REF).trim(), '3');
    assert.deepEqual(repository.warnings, []);
  });

  test('the branch that is checked out counts as the current one', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    const repository = open(workspace, { ref: 'refs/heads/main' });
    const sha = await commitData(workspace, repository, 1);
    assert.equal(workspace.git('rev-parse', 'HEAD').trim(), sha);
    assert.equal(workspace.git('status', '--porcelain'), '');
  });

  test('a branch that another work tree shows, or that is being rebased, is left alone', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    const folder = join(temporaryFolder(t), 'linked');
    workspace.git('worktree', 'add', '--quiet', '-b', 'shown', folder);
    writeData(workspace, 1);
    const repository = open(workspace, { ref: 'refs/heads/shown' });
    assert.equal((await repository.commit(planOf(1))).kind, 'blocked');
    assert.match(repository.warnings.join(), /refs\/heads\/shown is checked out in /);
    assert.equal(workspaceAt(folder).git('status', '--porcelain'), '');
  });

  test('a branch whose name is taken by a folder of branches fails, and says so once', async t => {
    const workspace = temporaryWorkspace(t);
    workspace.git('branch', 'performance');
    const repository = open(workspace, { ref: REF }, { timeoutMs: 2_000 });
    writeData(workspace, 1);
    for (const iteration of [1, 2]) {
      assert.equal((await repository.commit(planOf(iteration))).kind, 'failed');
    }
    assert.equal(repository.warnings.length, 1);
  });
});
