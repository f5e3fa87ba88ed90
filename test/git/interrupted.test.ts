import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { commitData, committed, FILES, filesOf, open, planOf, writeData } from './support.ts';

failOnLeaks();

const REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** A git for the PATH that stops (for good) before or after the command `at`, and writes down its pid there. */
function stoppingGit(
  t: TestContext,
  at: string,
  when: 'before' | 'after',
): { path: string; pidFile: string } {
  const folder = temporaryFolder(t);
  const pidFile = join(folder, 'pid');
  const stop = `echo $$ > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'; exec sleep 1000`;
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh
for word in "$@"; do
  if [ "$word" = ${at} ]; then
    ${when === 'after' ? `'${REAL_GIT}' "$@" || exit` : ''}
    ${stop}
  fi
done
exec '${REAL_GIT}' "$@"
`,
  );
  chmodSync(join(folder, 'git'), 0o755);
  return { path: `${folder}${delimiter}${process.env['PATH']}`, pidFile };
}

async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
  }
}

/** Starts a commit in a process of its own and kills it (and its git) when that has come to `at`. */
async function killedCommit(
  t: TestContext,
  workspace: Workspace,
  at: string,
  when: 'before' | 'after',
): Promise<void> {
  const { path, pidFile } = stoppingGit(t, at, when);
  writeData(workspace, 2);
  const script = join(import.meta.dirname, 'commit-once.ts');
  const child = spawn(process.execPath, [script, workspace.root, '2'], {
    env: { PATH: path, HOME: '/nonexistent' },
    stdio: 'ignore',
  });
  const exited = new Promise(resolve => child.once('exit', resolve));
  await until(`git has come to ${at}`, () => existsSync(pidFile));
  child.kill('SIGKILL');
  await exited;
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
}

function gitDir(workspace: Workspace): string {
  return workspace.git('rev-parse', '--absolute-git-dir').trim();
}

/** What a commit needs on its way only. */
function privateFiles(workspace: Workspace): string[] {
  const folder = join(gitDir(workspace), 'watchkeeper');
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap(entry =>
        entry.isFile() && entry.name !== 'unpacked' ? [entry.name] : [],
      )
    : [];
}

describe('when the user’s git holds the index', () => {
  test('a moment is waited for', async t => {
    const workspace = temporaryWorkspace(t);
    writeFileSync(workspace.path('.git/index.lock'), '');
    const release = sleep(300).then(() => rmSync(workspace.path('.git/index.lock')));
    await commitData(workspace, open(workspace), 1);
    await release;
    assert.equal(workspace.git('status', '--porcelain'), '');
  });

  test('a lock that stays is never removed, is told once, and nothing is committed until it is gone', async t => {
    const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    writeFileSync(workspace.path('.git/index.lock'), 'theirs');
    const head = workspace.git('rev-parse', 'HEAD');
    for (const iteration of [2, 3, 4]) {
      writeData(workspace, iteration);
      assert.equal((await repository.commit(planOf(iteration))).kind, 'blocked');
    }
    assert.equal(readFileSync(workspace.path('.git/index.lock'), 'utf8'), 'theirs');
    assert.equal(workspace.git('rev-parse', 'HEAD'), head);
    assert.equal(repository.warnings.length, 1);
    assert.match(repository.warnings[0] ?? '', /index.lock/);
    assert.deepEqual(privateFiles(workspace), []);
    rmSync(workspace.path('.git/index.lock'));
    workspace.write('a.ts', 'two\n');
    workspace.git('commit', '--quiet', '--message=mine', 'a.ts');
    assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
    await commitData(workspace, repository, 5);
    assert.equal(repository.infos.length, 1);
    assert.equal(workspace.git('status', '--porcelain'), '');
  });

  test('the lock of a branch stays too: the commit fails, and the index is as before', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    writeFileSync(workspace.path('.git/refs/heads/main.lock'), 'theirs');
    writeData(workspace, 2);
    assert.equal((await repository.commit(planOf(2))).kind, 'failed');
    assert.equal(workspace.git('diff', '--cached', '--name-only'), '');
    assert.equal(readFileSync(workspace.path('.git/refs/heads/main.lock'), 'utf8'), 'theirs');
    rmSync(workspace.path('.git/refs/heads/main.lock'));
    await commitData(workspace, repository, 3);
    assert.equal(workspace.git('status', '--porcelain'), '');
    assert.deepEqual(privateFiles(workspace), []);
  });
});

describe('a supervisor that is killed in a commit', () => {
  for (const [at, when] of [
    ['unpack-objects', 'before'],
    ['update-index', 'after'],
    ['update-ref', 'before'],
    ['update-ref', 'after'],
  ] as const) {
    test(`${when} ${at}: nobody is locked out, nothing is undone, the next start cleans up`, async t => {
      const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
      await commitData(workspace, open(workspace), 1);
      await killedCommit(t, workspace, at, when);
      assert.equal(existsSync(workspace.path('.git/index.lock')), false);
      workspace.write('a.ts', 'staged\n');
      workspace.git('add', 'a.ts');

      const head = workspace.git('show', 'HEAD:data/performance.json');
      const repository = open(workspace);
      assert.match((await repository.revision()) ?? '', /\+$/);
      assert.equal(workspace.git('diff', '--cached', '--name-only').trim(), 'a.ts');
      assert.equal(workspace.git('show', 'HEAD:data/performance.json'), head);
      assert.deepEqual(privateFiles(workspace), []);

      await commitData(workspace, repository, 3);
      workspace.git('commit', '--quiet', '--message=mine');
      assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
      assert.equal(workspace.git('status', '--porcelain'), '');
      workspace.git('fsck', '--strict');
    });
  }

  test('a commit of the user before the next start does not undo ours', async t => {
    const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
    await commitData(workspace, open(workspace), 1);
    await killedCommit(t, workspace, 'update-ref', 'after');
    workspace.write('a.ts', 'two\n');
    workspace.git('add', 'a.ts');
    workspace.git('commit', '--quiet', '--message=mine');
    assert.equal(workspace.git('show', 'HEAD:data/performance.json'), '{"iteration":2}\n');
    assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
    const repository = open(workspace);
    await commitData(workspace, repository, 3);
    assert.equal(workspace.git('status', '--porcelain'), '');
    assert.deepEqual(privateFiles(workspace), []);
  });

  test('while it held the lock: the next start knows the lock as its own, and no other', async t => {
    const workspace = temporaryWorkspace(t);
    await commitData(workspace, open(workspace), 1);
    await killedCommit(t, workspace, 'update-index', 'after');
    const lock = workspace.path('.git/index.lock');
    const copy = join(gitDir(workspace), 'watchkeeper', privateFolderName(workspace), leftCopy(workspace));
    linkSync(copy, lock);
    assert.throws(() => workspace.git('add', 'data'), /index.lock/);
    await open(workspace).revision();
    assert.equal(existsSync(lock), false);
    assert.deepEqual(privateFiles(workspace), []);

    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, 'left behind');
    writeFileSync(join(dirname(copy), 'unfinished.json.new'), '{"half');
    writeFileSync(lock, 'theirs');
    await open(workspace).revision();
    assert.equal(readFileSync(lock, 'utf8'), 'theirs');
    assert.deepEqual(privateFiles(workspace), []);
  });

  test('a damaged note about it is no harm', async t => {
    const workspace = temporaryWorkspace(t);
    await commitData(workspace, open(workspace), 1);
    const note = join(gitDir(workspace), 'watchkeeper', privateFolderName(workspace), 'unfinished.json');
    for (const text of ['', '{"data/sta', '[]', '{"../x":{"from":null,"to":"100644 00"}}', '{"data/x":1}']) {
      writeFileSync(note, text);
      assert.match((await open(workspace).revision()) ?? '', /^[0-9a-f]{7,}$/);
    }
    await commitData(workspace, open(workspace), 2);
    assert.equal(workspace.git('status', '--porcelain'), '');
  });
});

describe('a git that hangs', () => {
  for (const at of ['rev-parse', 'unpack-objects', 'update-index', 'update-ref']) {
    test(`at ${at} is ended with all its children, and everything is as before`, async t => {
      const workspace = temporaryWorkspace(t);
      await commitData(workspace, open(workspace), 1);
      const { path, pidFile } = stoppingGit(t, at, 'before');
      writeData(workspace, 2);
      const repository = open(workspace, {}, { timeoutMs: 1_500 });
      const outcome = await withPath(path, () => repository.commit(planOf(2)));
      assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
      assert.match(repository.warnings.join(), /took too long/);
      await until('it is gone', () => !isRunning(Number(readFileSync(pidFile, 'utf8'))));
      assert.equal(existsSync(workspace.path('.git/index.lock')), false);
      assert.equal(workspace.git('rev-list', '--count', 'HEAD').trim(), '2');
      committed(await repository.commit(planOf(3)));
      assert.equal(workspace.git('status', '--porcelain'), '');
      assert.deepEqual(filesOf(workspace, 'HEAD'), [...FILES].sort());
      assert.deepEqual(privateFiles(workspace), []);
    });
  }

  test('gives no revision', async t => {
    const workspace = temporaryWorkspace(t);
    const { path } = stoppingGit(t, 'status', 'before');
    const repository = open(workspace, {}, { timeoutMs: 500 });
    assert.equal(await withPath(path, () => repository.revision()), null);
    assert.match((await open(workspace).revision()) ?? '', /^[0-9a-f]{7,}$/);
  });
});

function privateFolderName(workspace: Workspace): string {
  return readdirSync(join(gitDir(workspace), 'watchkeeper'))[0] ?? '';
}

function leftCopy(workspace: Workspace): string {
  const name = privateFiles(workspace).find(file => /^index-[0-9a-f-]+$/.test(file));
  assert.ok(name);
  return name;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
