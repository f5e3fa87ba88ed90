import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { type ScriptedGit, scriptedGit } from './scripted-git.ts';
import { commitData, committed, FILES, filesOf, open, planOf, writeData } from './support.ts';

failOnLeaks();

/**
 * A git that stops for a while in the middle of moving a branch: when the index has been changed already, and the
 * branch is locked but has not moved. It goes on when there is a file `go`; without that it notices, as git does, when
 * its supervisor is gone.
 */
function slowGit(t: TestContext): ScriptedGit {
  return scriptedGit(
    t,
    `case " $* " in *" update-ref "*)
  supervisor=$PPID
  while IFS= read -r line; do
    if [ "$line" = commit ]; then
      : > "$folder/between"
      while [ ! -e "$folder/go" ]; do
        kill -0 $supervisor 2> /dev/null || exit 1
        sleep 0.05
      done
    fi
    printf '%s\\n' "$line"
  done | "$git" "$@"
  exit
esac`,
  );
}

/** One commit of ours, then something of the user's staged, and new data. */
async function underWay(t: TestContext): Promise<Workspace> {
  const workspace = temporaryWorkspace(t, { 'a.ts': 'one\n' });
  await commitData(workspace, open(workspace), 1);
  workspace.write('a.ts', 'two\n');
  workspace.git('add', 'a.ts');
  writeData(workspace, 2);
  return workspace;
}

describe('between the change of the index and that of the branch', () => {
  test('a commit of the user is refused; made again after ours it has what the user staged, and nothing else', async t => {
    const workspace = await underWay(t);
    const git = slowGit(t);
    const repository = open(workspace);
    const outcome = git.during(() => repository.commit(planOf(2)));
    await until('it is there', () => existsSync(git.file('between')));
    assert.equal(workspace.git('show', ':data/performance.json'), '{"iteration":2}\n');
    assert.equal(workspace.git('show', 'HEAD:data/performance.json'), '{"iteration":1}\n');
    assert.throws(() => workspace.git('commit', '--quiet', '--message=mine'), /cannot lock ref/);
    assert.throws(() => workspace.git('commit', '--quiet', '--message=mine', '--all'), /cannot lock ref/);
    writeFileSync(git.file('go'), '');
    const sha = committed(await outcome);
    assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
    assert.equal(workspace.git('diff', '--cached', '--name-only'), 'a.ts\n');
    workspace.git('commit', '--quiet', '--message=mine');
    assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
    assert.equal(workspace.git('status', '--porcelain'), '');
    assert.deepEqual(repository.warnings, []);
  });

  test('a kill leaves no lock behind, neither of the branch nor of the index, and the next start puts things right', async t => {
    const workspace = await underWay(t);
    const git = slowGit(t);
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'commit-once.ts'), workspace.root, '2'],
      {
        env: { PATH: git.path, HOME: '/nonexistent' },
        stdio: 'ignore',
      },
    );
    const exited = new Promise(resolve => child.once('exit', resolve));
    await until('it is there', () => existsSync(git.file('between')));
    child.kill('SIGKILL');
    await exited;
    const locks = ['refs/heads/main.lock', 'HEAD.lock', 'index.lock'];
    await until('no lock is left', () => !locks.some(lock => existsSync(workspace.path('.git', lock))));
    assert.equal(workspace.git('show', 'HEAD:data/performance.json'), '{"iteration":1}\n');

    const repository = open(workspace);
    assert.match((await repository.revision()) ?? '', /\+$/);
    assert.equal(workspace.git('diff', '--cached', '--name-only'), 'a.ts\n');
    workspace.git('commit', '--quiet', '--message=mine');
    assert.deepEqual(filesOf(workspace, 'HEAD'), ['a.ts']);
    await commitData(workspace, repository, 3);
    assert.equal(workspace.git('status', '--porcelain'), '');
    workspace.git('fsck', '--strict');
  });
});

test('while somebody else’s index lock is waited for, the branch is not locked', async t => {
  const workspace = await underWay(t);
  const lock = workspace.path('.git/index.lock');
  writeFileSync(lock, 'theirs');
  const git = scriptedGit(
    t,
    'case " $* " in *" update-ref "*) tee "$folder/said" | "$git" "$@"; exit;; esac',
  );
  const repository = open(workspace);
  const outcome = await git.during(() => repository.commit(planOf(2)));
  assert.equal(outcome.kind, 'blocked');
  assert.equal(readFileSync(git.file('said'), 'utf8'), '', 'git was not even asked to lock it');
  assert.equal(readFileSync(lock, 'utf8'), 'theirs');
  assert.equal(workspace.git('rev-list', '--count', 'HEAD').trim(), '2');
});
