import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { describe, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { gitEnvironment, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { commitData, open } from './support.ts';

failOnLeaks();

function short(workspace: Workspace, commit: string): string {
  return workspace.git('rev-parse', '--short', commit).trim();
}

describe('the revision', () => {
  test('is the newest commit of somebody else, however many of ours follow', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    const repository = open(workspace);
    const first = short(workspace, 'HEAD');
    assert.equal(await repository.revision(), first);
    for (const iteration of [1, 2, 3]) await commitData(workspace, repository, iteration);
    assert.equal(await repository.revision(), first);
    assert.equal(await open(workspace).revision(), first);
    workspace.git('commit', '--quiet', '--allow-empty', '--message=second');
    const second = short(workspace, 'HEAD');
    assert.equal(await repository.revision(), second);
    workspace.git('reset', '--quiet', '--hard', 'HEAD~2');
    assert.equal(await repository.revision(), first);
  });

  test('has a plus where tracked files are changed, staged or removed, but not for data/ and logs/', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n', 'data/x': 'x\n', 'logs/y': 'y\n' });
    workspace.git('add', '--force', 'logs');
    workspace.git('commit', '--quiet', '--message=logs');
    const repository = open(workspace);
    const clean = short(workspace, 'HEAD');
    workspace.write('data/x', 'changed\n');
    workspace.write('logs/y', 'changed\n');
    workspace.write('untracked.ts', '');
    utimesSync(workspace.path('code.ts'), 1, 1);
    assert.equal(await repository.revision(), clean);
    workspace.write('code.ts', 'two\n');
    assert.equal(await repository.revision(), `${clean}+`);
    workspace.git('add', 'code.ts');
    assert.equal(await repository.revision(), `${clean}+`);
    workspace.git('commit', '--quiet', '--message=two', 'code.ts');
    assert.equal(await repository.revision(), short(workspace, 'HEAD'));
    workspace.git('rm', '--quiet', 'code.ts');
    assert.equal(await repository.revision(), `${short(workspace, 'HEAD')}+`);
  });

  test('sees the whole repository around a workspace in a subfolder', async t => {
    const repository = temporaryWorkspace(t, {
      'shared.ts': 'one\n',
      'data/x': 'x\n',
      'a b/ws/data/x': 'x\n',
    });
    const workspace = workspaceAt(repository.path('a b/ws'));
    const clean = short(repository, 'HEAD');
    const opened = open(workspace);
    repository.write('a b/ws/data/x', 'ours\n');
    assert.equal(await opened.revision(), clean);
    repository.write('data/x', 'not ours\n');
    assert.equal(await opened.revision(), `${clean}+`);
  });

  test('takes neither our author nor our trailer alone for one of ours', async t => {
    const workspace = temporaryWorkspace(t);
    workspace.git('commit', '--quiet', '--allow-empty', '--message=quoted\n\nWatchkeeper-Iteration: 1');
    assert.equal(await open(workspace).revision(), short(workspace, 'HEAD'));
    const author = '--author=Watchkeeper <watchkeeper@localhost>';
    workspace.git('commit', '--quiet', '--allow-empty', author, '--message=by hand');
    assert.equal(await open(workspace).revision(), short(workspace, 'HEAD'));
  });

  test('knows one of ours also where its trailer was folded over several lines', async t => {
    const workspace = temporaryWorkspace(t);
    const first = short(workspace, 'HEAD');
    const author = '--author=Watchkeeper <watchkeeper@localhost>';
    const message =
      '--message=Performance OK\n\nWatchkeeper-Iteration: 1,\n folded\n\tand again\nWatchkeeper-Status: ok';
    for (let count = 0; count < 3; count += 1)
      workspace.git('commit', '--quiet', '--allow-empty', author, message);
    assert.equal(await open(workspace).revision(), first);
    workspace.git('commit', '--quiet', '--allow-empty', message);
    assert.equal(await open(workspace).revision(), short(workspace, 'HEAD'));
  });

  test('is null on a branch without a commit, and where all commits are ours', async t => {
    const workspace = temporaryWorkspace(t);
    workspace.git('checkout', '--quiet', '--orphan', 'fresh');
    assert.equal(await open(workspace).revision(), null);
    await commitData(workspace, open(workspace, { ref: 'refs/heads/log' }), 1);
    workspace.git('checkout', '--quiet', '--force', 'log');
    assert.equal(await open(workspace).revision(), null);
  });

  test('is found below 10,000 commits of ours, and then kept', async t => {
    const workspace = temporaryWorkspace(t);
    const first = short(workspace, 'HEAD');
    importOurs(workspace, 10_000);
    assert.equal(workspace.git('rev-list', '--count', 'HEAD').trim(), '10001');
    const repository = open(workspace);
    const start = performance.now();
    assert.equal(await repository.revision(), first);
    const walked = performance.now();
    assert.equal(await repository.revision(), first);
    t.diagnostic(
      `first ${(walked - start).toFixed(0)} ms, then ${(performance.now() - walked).toFixed(0)} ms`,
    );
    await commitData(workspace, repository, 1);
    assert.equal(await repository.revision(), first);
  });
});

function importOurs(workspace: Workspace, count: number): void {
  const person = 'Watchkeeper <watchkeeper@localhost>';
  const message = 'Performance OK\n\nWatchkeeper-Iteration: 1\nWatchkeeper-Status: ok\n';
  const commits = Array.from({ length: count }, (_, index) =>
    [
      'commit refs/heads/main',
      `author ${person} ${1_800_000_000 + index} +0000`,
      `committer ${person} ${1_800_000_000 + index} +0000`,
      `data ${message.length}`,
      message,
      index === 0 ? 'from refs/heads/main^0\n' : '',
    ].join('\n'),
  );
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: workspace.root,
    env: gitEnvironment(),
    input: commits.join(''),
  });
}
