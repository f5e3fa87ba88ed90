import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { commitData, committed, FILES, filesOf, open, planOf, userState, writeData } from './support.ts';

failOnLeaks();

describe('what the user has staged or changed', () => {
  test('is the same to the byte after a commit of ours', async t => {
    const workspace = temporaryWorkspace(t, {
      'a.ts': 'one\n',
      'b.ts': 'one\n',
      'c.ts': 'one\n',
      'd.ts': 'one\n',
    });
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    workspace.write('a.ts', 'staged\n');
    workspace.git('add', 'a.ts');
    workspace.write('a.ts', 'staged, then changed\n');
    workspace.write('b.ts', 'changed\n');
    workspace.git('rm', '--quiet', 'c.ts');
    workspace.git('mv', 'd.ts', 'moved.ts');
    workspace.write('new.ts', 'new\n');
    workspace.git('add', '--intent-to-add', 'new.ts');
    workspace.write('untracked.ts', 'untracked\n');
    const before = { ...stateWithoutOurs(workspace), bytes: readFileSync(workspace.path('a.ts'), 'utf8') };
    await commitData(workspace, repository, 2);
    const after = { ...stateWithoutOurs(workspace), bytes: readFileSync(workspace.path('a.ts'), 'utf8') };
    assert.deepEqual(after, before);
  });

  test('is seen by git also where it was changed in the very moment of staging', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    // The same size within the same second: git notices only as long as the index is no younger than the file.
    await until('all of it happens within one second', async () => {
      await sleep(1_010 - (Date.now() % 1_000));
      workspace.write('racy.ts', 'one\n');
      workspace.git('add', 'racy.ts');
      workspace.write('racy.ts', 'two\n');
      const seconds = ['racy.ts', '.git/index'].map(file =>
        Math.floor(statSync(workspace.path(file)).mtimeMs / 1_000),
      );
      return seconds[0] === seconds[1] && Math.floor(Date.now() / 1_000) === seconds[0];
    });
    await sleep(1_010 - (Date.now() % 1_000));
    await commitData(workspace, repository, 2);
    assert.equal(workspace.git('status', '--porcelain'), 'AM racy.ts\n');
  });

  test('stays staged where it is one of our own three files', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    workspace.write('data/status.json', 'the user has this staged\n');
    workspace.git('add', 'data/status.json');
    workspace.git('rm', '--quiet', '--cached', 'data/anomalies.log');
    const staged = workspace.git('ls-files', '--stage', 'data/status.json', 'data/anomalies.log');
    const sha = await commitData(workspace, repository, 2);
    assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
    assert.equal(workspace.git('ls-files', '--stage', 'data/status.json', 'data/anomalies.log'), staged);
    assert.equal(workspace.git('show', ':data/performance.json'), '{"iteration":2}\n');
  });

  test('stays in conflict where it is in conflict', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    workspace.write('data/status.json', 'stashed\n');
    workspace.git('stash', 'push', '--quiet');
    await commitData(workspace, repository, 2);
    assert.throws(() => workspace.git('stash', 'pop'));
    const conflict = workspace.git('ls-files', '--unmerged');
    assert.match(conflict, /\t?data\/status.json/);
    workspace.write('data/performance.json', '{"iteration":3}\n');
    committed(await repository.commit(planOf(3)));
    assert.equal(workspace.git('ls-files', '--unmerged'), conflict);
    assert.equal(workspace.git('show', ':data/performance.json'), '{"iteration":3}\n');
  });

  test('stays where the user has put a file in the place of data/', async t => {
    const workspace = temporaryWorkspace(t);
    rmSync(workspace.path('data'), { recursive: true, force: true });
    workspace.write('data', 'a file\n');
    workspace.git('add', '--force', 'data');
    rmSync(workspace.path('data'));
    const before = workspace.git('ls-files', '--stage');
    writeData(workspace, 1);
    await open(workspace).commit(planOf(1));
    assert.equal(workspace.git('ls-files', '--stage'), before);
  });
});

describe('the user’s next commit', () => {
  test('holds what the user staged, and does not undo ours', async t => {
    const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
    const repository = open(workspace);
    workspace.write('a.ts', 'two\n');
    workspace.git('add', 'a.ts');
    for (const iteration of [1, 2]) await commitData(workspace, repository, iteration);
    workspace.git('commit', '--quiet', '--message=mine');
    assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
    assert.equal(workspace.git('show', 'HEAD:data/performance.json'), '{"iteration":2}\n');
    assert.equal(workspace.git('status', '--porcelain'), '');
  });

  test('of everything, and of named files, works as ever', async t => {
    const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    workspace.write('a.ts', 'two\n');
    workspace.git('commit', '--quiet', '--all', '--message=all');
    assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
    workspace.write('a.ts', 'three\n');
    await commitData(workspace, repository, 2);
    workspace.git('commit', '--quiet', '--message=named', 'a.ts');
    assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
    assert.equal(workspace.git('status', '--porcelain'), '');
  });

  test('may hold our files: ours goes on from there', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    writeData(workspace, 2);
    workspace.git('commit', '--quiet', '--all', '--message=with data');
    await commitData(workspace, repository, 3);
    assert.equal(workspace.git('status', '--porcelain'), '');
  });
});

/** The user's view without our three files, whose entries have to move. */
function stateWithoutOurs(workspace: Workspace): { state: string } {
  const lines = userState(workspace).split('\n');
  return {
    state: lines
      .filter(line => !FILES.some(file => line.endsWith(file)) && !line.startsWith('# '))
      .join('\n'),
  };
}
