import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { commitsBetween } from '../../src/git/commits-between.ts';
import { addWorktree, removeWorktree, worktreePath, worktreesOf } from '../../src/git/worktrees.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { userState } from './support.ts';

failOnLeaks();

const GO_ON = new AbortController().signal;

async function twoCommits(t: TestContext) {
  const workspace = temporaryWorkspace(t, { 'a.txt': 'one\n', 'b.bin': 'kept\n' });
  workspace.write('a.txt', 'two\n');
  workspace.git('commit', '--quiet', '--all', '--message=second');
  const { location, commits } = await commitsBetween(workspace.root, 'HEAD~1', 'HEAD');
  return { workspace, location, folder: temporaryFolder(t), first: commits[0]?.hash ?? '' };
}

/** All that a user could see of the repository, but what is inside of `.git/worktrees`. */
function repositoryState(workspace: Workspace): string {
  const refs = workspace.git('for-each-ref');
  const logs = readFileSync(workspace.path('.git/logs/HEAD'), 'utf8');
  return [userState(workspace), refs, logs, readFileSync(workspace.path('.git/HEAD'), 'utf8')].join('\n');
}

test('a commit is checked out beside, and goes again without a trace', async t => {
  const { workspace, location, folder, first } = await twoCommits(t);
  workspace.write('a.txt', 'changed, not committed\n');
  workspace.write('new.txt', 'staged\n');
  workspace.git('add', 'new.txt');
  const before = repositoryState(workspace);
  const path = await addWorktree(location, folder, first, GO_ON);
  assert.equal(path, worktreePath(folder, first));
  assert.equal(readFileSync(join(path, 'a.txt'), 'utf8'), 'one\n');
  assert.deepEqual(await worktreesOf(location, each => each === path), [path]);
  assert.equal(repositoryState(workspace), before);
  writeFileSync(join(path, 'left'), ''); // by a module
  await removeWorktree(location, path);
  assert.equal(repositoryState(workspace), before);
  assert.deepEqual([existsSync(path), await worktreesOf(location, () => true)], [false, [workspace.root]]);
  assert.equal(existsSync(workspace.path('.git/worktrees')), false);
});

test('one whose folder is gone is forgotten by git, too; those of the user stay', async t => {
  const { workspace, location, folder, first } = await twoCommits(t);
  const own = join(temporaryFolder(t), 'own');
  workspace.git('worktree', 'add', '--quiet', '--detach', own);
  const path = await addWorktree(location, folder, first, GO_ON);
  rmSync(path, { recursive: true });
  rmSync(own, { recursive: true }); // perhaps on a disk that is not there just now
  await removeWorktree(location, path);
  assert.deepEqual(await worktreesOf(location, () => true), [workspace.root, own]);
});

test('no hook and no filter of the repository is run', async t => {
  const { workspace, location, folder, first } = await twoCommits(t);
  const ran = workspace.path('ran');
  workspace.write('.git/hooks/post-checkout', `#!/bin/sh\ntouch ${ran}\n`);
  chmodSync(workspace.path('.git/hooks/post-checkout'), 0o755);
  workspace.write('.git/info/attributes', '*.bin filter=evil\n*.txt filter=more.evil\n');
  workspace.git('config', 'filter.evil.smudge', `touch ${ran}; cat`);
  workspace.git('config', 'filter.evil.required', 'true');
  workspace.git('config', 'filter.more.evil.process', `touch ${ran}`);
  workspace.git('config', 'core.fsmonitor', `touch ${ran}`);
  const { location: now } = await commitsBetween(workspace.root, 'HEAD~1', 'HEAD');
  const path = await addWorktree({ ...location, configuration: now.configuration }, folder, first, GO_ON);
  assert.deepEqual(readdirSync(path).sort(), ['.git', '.gitignore', 'a.txt', 'b.bin']);
  assert.equal(readFileSync(join(path, 'b.bin'), 'utf8'), 'kept\n');
  assert.equal(existsSync(ran), false);
  await removeWorktree(location, path);
});

test('what git cannot check out is an error that names the commit', async t => {
  const { location, folder } = await twoCommits(t);
  const hash = '1234567890'.repeat(4);
  await assert.rejects(addWorktree(location, folder, hash, GO_ON), {
    code: 'file',
    message: /^123456789012 could not be checked out: git worktree failed: /,
  });
  const stopped = AbortSignal.abort();
  await assert.rejects(addWorktree(location, folder, hash, stopped), { code: 'file' });
});
