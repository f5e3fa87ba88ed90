import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { commitData, open, planOf, type Told, userState, writeData } from './support.ts';

failOnLeaks();

/** Two branches that conflict in a.ts, `main` checked out, and one commit of ours on it. */
async function conflicting(t: TestContext): Promise<{ workspace: Workspace; repository: Told }> {
  const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
  const repository = open(workspace);
  workspace.git('checkout', '--quiet', '-b', 'side');
  workspace.write('a.ts', 'side\n');
  workspace.git('commit', '--quiet', '--all', '--message=side');
  workspace.git('checkout', '--quiet', 'main');
  workspace.write('a.ts', 'main\n');
  workspace.git('commit', '--quiet', '--all', '--message=main');
  await commitData(workspace, repository, 1);
  return { workspace, repository };
}

/** Three iterations in which nothing may be added, and one warning at most. */
async function assertPaused(workspace: Workspace, repository: Told, words: RegExp): Promise<void> {
  for (const iteration of [2, 3, 4]) {
    writeData(workspace, iteration);
    const refs = workspace.git('for-each-ref') + workspace.git('log', '-1', '--format=%H', 'HEAD');
    const state = userState(workspace);
    const outcome = await repository.commit(planOf(iteration));
    assert.equal(outcome.kind, 'blocked', JSON.stringify(outcome));
    assert.equal(workspace.git('for-each-ref') + workspace.git('log', '-1', '--format=%H', 'HEAD'), refs);
    assert.equal(userState(workspace), state);
  }
  assert.equal(repository.warnings.length, 1);
  assert.match(repository.warnings[0] ?? '', words);
  assert.deepEqual(repository.infos, []);
}

/** What was missed goes into the next commit, and the end is told in one line. */
async function assertResumed(workspace: Workspace, repository: Told): Promise<void> {
  await commitData(workspace, repository, 5);
  await commitData(workspace, repository, 6);
  assert.equal(workspace.git('show', 'HEAD:data/performance.json'), '{"iteration":6}\n');
  assert.equal(repository.warnings.length, 1);
  assert.equal(repository.infos.length, 1);
  assert.match(repository.infos[0] ?? '', /^Committing again/);
}

describe('nothing is committed, and it is said once, during', () => {
  test('a merge', async t => {
    const { workspace, repository } = await conflicting(t);
    assert.throws(() => workspace.git('merge', 'side'));
    await assertPaused(workspace, repository, /merge is in progress/);
    workspace.write('a.ts', 'both\n');
    workspace.git('add', 'a.ts');
    workspace.git('commit', '--quiet', '--message=merged');
    await assertResumed(workspace, repository);
  });

  for (const backend of ['merge', 'apply']) {
    test(`a rebase (--${backend})`, async t => {
      const { workspace, repository } = await conflicting(t);
      assert.throws(() => workspace.git('rebase', `--${backend}`, 'side'));
      await assertPaused(workspace, repository, /rebase/);
      rmSync(workspace.path('data'), { recursive: true });
      workspace.git('rebase', '--abort');
      await assertResumed(workspace, repository);
    });
  }

  test('a cherry-pick', async t => {
    const { workspace, repository } = await conflicting(t);
    assert.throws(() => workspace.git('cherry-pick', 'side'));
    await assertPaused(workspace, repository, /cherry-pick is in progress/);
    workspace.git('cherry-pick', '--quit');
    workspace.git('checkout', '--quiet', '--force', 'HEAD', '--', 'a.ts');
    await assertResumed(workspace, repository);
  });

  test('a revert', async t => {
    const { workspace, repository } = await conflicting(t);
    workspace.write('a.ts', 'more\n');
    workspace.git('commit', '--quiet', '--all', '--message=more');
    assert.throws(() => workspace.git('revert', '--no-edit', 'HEAD~2'));
    await assertPaused(workspace, repository, /revert is in progress/);
    workspace.git('revert', '--quit');
    workspace.git('checkout', '--quiet', '--force', 'HEAD', '--', 'a.ts');
    await assertResumed(workspace, repository);
  });

  test('a bisect', async t => {
    const { workspace, repository } = await conflicting(t);
    workspace.git('bisect', 'start');
    await assertPaused(workspace, repository, /bisect is in progress/);
    workspace.git('bisect', 'reset');
    await assertResumed(workspace, repository);
  });

  test('a detached HEAD', async t => {
    const { workspace, repository } = await conflicting(t);
    workspace.git('checkout', '--quiet', '--detach');
    await assertPaused(workspace, repository, /HEAD is detached/);
    workspace.git('checkout', '--quiet', 'main');
    await assertResumed(workspace, repository);
  });
});

describe('nothing is committed, and it is said once, with', () => {
  test('a branch without a commit', async t => {
    const workspace = temporaryWorkspace(t);
    workspace.git('checkout', '--quiet', '--orphan', 'fresh');
    const repository = open(workspace);
    writeData(workspace, 1);
    for (const iteration of [1, 2]) {
      assert.equal((await repository.commit(planOf(iteration))).kind, 'blocked');
    }
    assert.match(repository.warnings.join(), /^[^\n]*has no commit yet[^\n]*$/);
    workspace.git('commit', '--quiet', '--message=first of fresh');
    await assertResumed(workspace, repository);
  });

  test('no repository, until there is one', async t => {
    const workspace = workspaceAt(temporaryFolder(t));
    const repository = open(workspace);
    for (const iteration of [1, 2]) {
      writeData(workspace, iteration);
      assert.equal((await repository.commit(planOf(iteration))).kind, 'blocked');
    }
    assert.equal(await repository.revision(), null);
    assert.match(repository.warnings.join(), /^[^\n]*not in a git repository[^\n]*$/);
    workspace.git('init', '--quiet', '--initial-branch=main');
    workspace.git('commit', '--quiet', '--allow-empty', '--message=first');
    await assertResumed(workspace, repository);
  });

  test('a repository without a work tree', async t => {
    const workspace = workspaceAt(temporaryFolder(t));
    workspace.git('init', '--quiet', '--bare');
    writeData(workspace, 1);
    const repository = open(workspace);
    assert.equal((await repository.commit(planOf(1))).kind, 'blocked');
    assert.match(repository.warnings.join(), /no work tree/);
  });

  test('a repository of another user', { skip: process.getuid?.() !== 0 }, async t => {
    const workspace = temporaryWorkspace(t);
    const { chownSync } = await import('node:fs');
    chownSync(workspace.root, 12_345, 12_345);
    chownSync(workspace.path('.git'), 12_345, 12_345);
    writeData(workspace, 1);
    const repository = open(workspace);
    assert.equal((await repository.commit(planOf(1))).kind, 'blocked');
    assert.match(repository.warnings.join(), /safe.directory/);
    chownSync(workspace.root, 0, 0);
    chownSync(workspace.path('.git'), 0, 0);
    await assertResumed(workspace, repository);
  });

  test('no git on the PATH, until there is one', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await withPath(temporaryFolder(t), async () => {
      for (const iteration of [1, 2]) {
        writeData(workspace, iteration);
        assert.equal((await repository.commit(planOf(iteration))).kind, 'blocked');
      }
      assert.equal(await repository.revision(), null);
    });
    assert.match(repository.warnings.join(), /^[^\n]*no git on the PATH[^\n]*$/);
    await assertResumed(workspace, repository);
  });

  test('a git that is too old', async t => {
    const workspace = temporaryWorkspace(t);
    const folder = temporaryFolder(t);
    script(join(folder, 'git'), 'echo "git version 1.8.3.1"');
    writeData(workspace, 1);
    const repository = open(workspace);
    await withPath(`${folder}${delimiter}${process.env['PATH']}`, async () => {
      assert.equal((await repository.commit(planOf(1))).kind, 'blocked');
    });
    assert.match(repository.warnings.join(), /git version 1.8.3.1 is too old; 2\.\d+ or later/);
    await assertResumed(workspace, repository);
  });
});

test('a repository that breaks fails the commit, says so once, and goes on when it is mended', async t => {
  const workspace = temporaryWorkspace(t);
  const repository = open(workspace);
  await commitData(workspace, repository, 1);
  renameSync(workspace.path('.git/objects'), workspace.path('.git/elsewhere'));
  mkdirSync(workspace.path('.git/objects'));
  for (const iteration of [2, 3]) {
    writeData(workspace, iteration);
    assert.equal((await repository.commit(planOf(iteration))).kind, 'failed');
  }
  assert.equal(repository.warnings.length, 1);
  rmSync(workspace.path('.git/objects'), { recursive: true });
  renameSync(workspace.path('.git/elsewhere'), workspace.path('.git/objects'));
  await assertResumed(workspace, repository);
});

async function withPath(path: string, work: () => Promise<void>): Promise<void> {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  try {
    await work();
  } finally {
    process.env['PATH'] = before;
  }
}

function script(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}
