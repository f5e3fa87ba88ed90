import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import {
  gitEnvironment,
  temporaryFolder,
  temporaryWorkspace,
  type Workspace,
  workspaceAt,
} from '../helpers/workspace.ts';
import { commitData, committed, FILES, filesOf, open, planOf, writeData } from './support.ts';

failOnLeaks();

describe('a commit', () => {
  test('holds exactly the three files, whatever else is new, changed or staged', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n', 'other.ts': 'one\n' });
    workspace.write('code.ts', 'two\n');
    workspace.write('other.ts', 'two\n');
    workspace.git('add', 'other.ts');
    workspace.write('new.ts', 'new\n');
    workspace.write('data/watchkeeper.db', 'private\n');
    const sha = await commitData(workspace, open(workspace), 42);
    assert.equal(workspace.git('rev-parse', 'HEAD').trim(), sha);
    assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
    assert.equal(workspace.git('show', `${sha}:data/performance.json`), '{"iteration":42}\n');
    assertSound(workspace);
  });

  test('has the author, the first line and the trailers that it should have', async t => {
    const workspace = temporaryWorkspace(t);
    await commitData(workspace, open(workspace), 42);
    const format = '--format=%an <%ae>|%cn <%ce>|%s|%G?';
    assert.equal(
      workspace.git('log', '-1', format).trim(),
      'Watchkeeper <watchkeeper@localhost>|Watchkeeper <watchkeeper@localhost>|Performance OK (iteration 42)|N',
    );
    assert.equal(
      workspace.git('log', '-1', '--format=%(trailers)').trim(),
      'Watchkeeper-Iteration: 42\nWatchkeeper-Status: ok\nWatchkeeper-Modules: collector',
    );
    assert.match(workspace.git('reflog', '-1'), /watchkeeper: Performance OK/);
  });

  test('leaves a clean work tree behind, one after another', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    for (const iteration of [1, 2, 3]) {
      await commitData(workspace, repository, iteration);
      assert.equal(workspace.git('status', '--porcelain'), '');
    }
    assert.equal(workspace.git('rev-list', '--count', 'HEAD').trim(), '4');
    assert.deepEqual(repository.warnings, []);
    assertSound(workspace);
  });

  test('holds a log of years as it is', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    const log = Array.from(
      { length: 30_000 },
      (_, line) => `{"event":"anomaly","run":${line}, "value":1.5}\n`,
    );
    workspace.write('data/anomalies.log', log.join(''));
    const { kind } = await repository.commit(planOf(2));
    assert.equal(kind, 'committed');
    const found = workspace.git('rev-parse', 'HEAD:data/anomalies.log');
    assert.equal(found, workspace.git('hash-object', '--no-filters', 'data/anomalies.log'));
    assertSound(workspace); // reads it, too
  });

  test('is not made where the branch has these contents already', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    const sha = await commitData(workspace, repository, 1);
    assert.deepEqual(await repository.commit(planOf(2)), { kind: 'unchanged' });
    assert.equal(workspace.git('rev-parse', 'HEAD').trim(), sha);
    assertSound(workspace);
  });

  test('leaves out what is missing, a link, a FIFO or behind a link, and takes the rest', async t => {
    const workspace = temporaryWorkspace(t);
    workspace.write('secret', 'secret\n');
    workspace.write('data/status.json', '{}\n');
    symlinkSync('../secret', workspace.path('data/performance.json'));
    execFileSync('mkfifo', [workspace.path('data/anomalies.log')]);
    const repository = open(workspace);
    const sha = committed(await repository.commit(planOf(1)));
    assert.deepEqual(filesOf(workspace, sha), ['data/status.json']);

    const elsewhere = temporaryFolder(t);
    rmSync(workspace.path('data'), { recursive: true });
    symlinkSync(elsewhere, workspace.path('data'));
    writeFileSync(join(elsewhere, 'status.json'), '{"elsewhere":true}\n');
    assert.deepEqual(await repository.commit(planOf(2)), { kind: 'unchanged' });
    assert.equal(workspace.git('rev-parse', 'HEAD').trim(), sha);
  });

  test('keeps a committed file that is missing just now', async t => {
    const workspace = temporaryWorkspace(t);
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    rmSync(workspace.path('data/anomalies.log'));
    workspace.write('data/status.json', '{"two":2}\n');
    const sha = committed(await repository.commit(planOf(2)));
    assert.deepEqual(filesOf(workspace, sha), ['data/status.json']);
    assert.equal(workspace.git('status', '--porcelain').trim(), 'D data/anomalies.log');
  });

  test('takes an empty file and one of several megabytes', async t => {
    const workspace = temporaryWorkspace(t);
    writeData(workspace, 1);
    workspace.write('data/anomalies.log', '');
    workspace.write('data/performance.json', 'x'.repeat(5_000_000));
    const sha = committed(await open(workspace).commit(planOf(1)));
    assert.equal(workspace.git('cat-file', '-s', `${sha}:data/performance.json`).trim(), '5000000');
    assert.equal(workspace.git('cat-file', '-s', `${sha}:data/anomalies.log`).trim(), '0');
    assertSound(workspace);
  });

  test('is made also where the user ignores data/: `git.enabled` is the switch for that', async t => {
    const workspace = temporaryWorkspace(t);
    workspace.write('.gitignore', 'data/\n');
    const sha = await commitData(workspace, open(workspace), 1);
    assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
  });

  test('does not replace something else of the name data', async t => {
    const workspace = temporaryWorkspace(t);
    symlinkSync('elsewhere', workspace.path('data'));
    workspace.git('add', 'data');
    workspace.git('commit', '--quiet', '--message=link');
    rmSync(workspace.path('data'));
    const head = workspace.git('rev-parse', 'HEAD');
    writeData(workspace, 1);
    const repository = open(workspace);
    const outcome = await repository.commit(planOf(1));
    assert.equal(outcome.kind, 'failed');
    assert.match(repository.warnings.join(), /`data` is not a folder in the repository/);
    assert.equal(workspace.git('rev-parse', 'HEAD'), head);
  });
});

describe('wherever the workspace lies', () => {
  test('a subfolder of the repository, with odd names on the way', async t => {
    const repository = temporaryWorkspace(t, { 'top.txt': 'top\n', 'data/status.json': 'not ours\n' });
    const folder = 'grün "x"/a\tb/ws';
    repository.write(`${folder}/watchkeeper.yaml`, 'modules: {}\n');
    repository.git('add', '--all');
    repository.git('commit', '--quiet', '--message=workspace');
    const workspace = workspaceAt(repository.path(folder));
    const sha = await commitData(workspace, open(workspace), 1);
    assert.deepEqual(filesOf(repository, sha), FILES.map(file => `${folder}/${file}`).sort());
    assert.equal(repository.git('show', 'HEAD:data/status.json'), 'not ours\n');
    assert.equal(repository.git('status', '--porcelain'), '');
    assertSound(repository);
  });

  test('two workspaces of one repository do not get in each other’s way', async t => {
    const repository = temporaryWorkspace(t, { 'one/x': '', 'two/x': '' });
    const [one, two] = [workspaceAt(repository.path('one')), workspaceAt(repository.path('two'))];
    const opened = [one, two].map(workspace => ({ workspace, repository: open(workspace) }));
    for (const iteration of [1, 2, 3]) {
      await Promise.all(
        opened.map(({ workspace, repository }) => commitData(workspace, repository, iteration)),
      );
    }
    assert.equal(repository.git('rev-list', '--count', 'HEAD').trim(), '7');
    assert.equal(repository.git('status', '--porcelain'), '');
    assertSound(repository);
  });

  test('a linked worktree: its branch gets the commit, the main work tree stays as it is', async t => {
    const main = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    const folder = join(temporaryFolder(t), 'linked');
    main.git('worktree', 'add', '--quiet', '-b', 'linked', folder);
    const workspace = workspaceAt(folder);
    const head = main.git('rev-parse', 'HEAD');
    const sha = await commitData(workspace, open(workspace), 1);
    assert.equal(main.git('rev-parse', 'linked').trim(), sha);
    assert.equal(main.git('rev-parse', 'HEAD'), head);
    assert.equal(workspace.git('status', '--porcelain') + main.git('status', '--porcelain'), '');
    assertSound(main);
  });

  test('a shallow clone', async t => {
    const origin = temporaryWorkspace(t, { 'code.ts': 'one\n' });
    origin.git('commit', '--quiet', '--allow-empty', '--message=second');
    const folder = join(temporaryFolder(t), 'clone');
    origin.git('clone', '--quiet', '--depth=1', `file://${origin.root}`, folder);
    const workspace = workspaceAt(folder);
    const sha = await commitData(workspace, open(workspace), 1);
    assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
    assert.equal(workspace.git('status', '--porcelain'), '');
  });

  test('a repository with SHA-256 names, a split index, sparse files and strange permissions', async t => {
    const root = temporaryFolder(t);
    const workspace = workspaceAt(root);
    workspace.git('init', '--quiet', '--initial-branch=main', '--object-format=sha256');
    workspace.write('code.ts', 'one\n');
    writeData(workspace, 0);
    chmodSync(workspace.path('data/status.json'), 0o755);
    workspace.git('add', '--all');
    workspace.git('commit', '--quiet', '--message=first');
    workspace.git('update-index', '--split-index');
    workspace.git('update-index', '--assume-unchanged', 'data/status.json');
    workspace.git('update-index', '--skip-worktree', 'data/anomalies.log');
    const repository = open(workspace);
    await commitData(workspace, repository, 1);
    await commitData(workspace, repository, 2);
    assert.match(
      workspace.git('ls-files', '-v', 'data'),
      /^S data\/anomalies.log\nH .*\nh data\/status.json\n$/,
    );
    assert.equal(workspace.git('diff', '--cached', '--name-only'), '');
    assertSound(workspace);
  });

  test('names that no encoding explains, and a folder with many files, survive', async t => {
    const workspace = temporaryWorkspace(t);
    const odd = [
      '\u00e9-latin1',
      'tab\there',
      'new\nline',
      'quo"te',
      'back\\slash',
      ' blank',
      'data.x',
      'data-x',
      'data0',
    ];
    for (const name of odd) {
      writeFileSync(Buffer.concat([Buffer.from(`${workspace.root}/`), Buffer.from(name, 'latin1')]), 'x');
    }
    mkdirSync(workspace.path('data.d'));
    workspace.write('data.d/x', '');
    for (let index = 0; index < 300; index += 1) workspace.write(`data/more-${index}`, `${index}\n`);
    workspace.git('add', '--all', '--force');
    workspace.git('commit', '--quiet', '--message=odd');
    const before = listing(workspace);
    const sha = await commitData(workspace, open(workspace), 1);
    const after = listing(workspace);
    assert.deepEqual(
      after.filter(line => !FILES.some(file => line.endsWith(`\t${file}`))),
      before,
    );
    assert.equal(after.length, before.length + 3);
    assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
    assert.equal(workspace.git('status', '--porcelain'), '');
    assertSound(workspace);
  });
});

test('in a repository of 5,000 files a commit writes six small objects, as in an empty one', async t => {
  const workspace = temporaryWorkspace(t, manyFiles(5_000));
  const before = objectsOf(workspace);
  await commitData(workspace, open(workspace), 1);
  const written = objectsOf(workspace) - before;
  assert.equal(written, 6, 'three contents, two folders, one commit');
  assert.equal(workspace.git('status', '--porcelain'), '');
});

function objectsOf(workspace: Workspace): number {
  const [, loose, packed] =
    /count: (\d+)[\s\S]*in-pack: (\d+)/.exec(workspace.git('count-objects', '-v')) ?? [];
  return Number(loose) + Number(packed);
}

function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`src/d${index % 50}/f${index}`, `${index}\n`]),
  );
}

function listing(workspace: Workspace): string[] {
  const bytes = execFileSync('git', ['ls-tree', '-r', '-z', 'HEAD'], {
    cwd: workspace.root,
    env: gitEnvironment(),
  });
  return bytes.toString('latin1').split('\0').slice(0, -1);
}

/** Every object is whole and well-formed, and nothing of ours lies about. */
function assertSound(workspace: Workspace): void {
  workspace.git('fsck', '--strict', '--full');
  const gitDir = workspace.git('rev-parse', '--absolute-git-dir').trim();
  assert.throws(() => readFileSync(join(gitDir, 'index.lock')), { code: 'ENOENT' });
  assert.deepEqual(leftovers(gitDir), []);
}

function leftovers(gitDir: string): string[] {
  const found = execFileSync('find', [gitDir, '-path', '*/watchkeeper/*', '-type', 'f'], {
    encoding: 'utf8',
  });
  // The list of what is to be packed later stays.
  return found.split('\n').filter(line => line !== '' && !line.endsWith('/unpacked'));
}
