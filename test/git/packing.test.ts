import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { packingLimit } from '../../src/git/packing.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { scriptedGit } from './scripted-git.ts';
import { commitData, committed, open, planOf, type Told, writeData } from './support.ts';

failOnLeaks();

/** A repository in which our commits are packed after every second or third one. */
function workspaceWith(t: TestContext, settings: Record<string, string> = { 'gc.auto': '12' }): Workspace {
  const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
  for (const [name, value] of Object.entries(settings)) workspace.git('config', name, value);
  return workspace;
}

/** Commits, and waits for what goes on in the background after it. */
async function commits(workspace: Workspace, from: number, to: number): Promise<Told> {
  const repository = open(workspace);
  for (let iteration = from; iteration <= to; iteration += 1) {
    await commitData(workspace, repository, iteration);
    await until('what is under way is done', () => quarantines(workspace).length === 0);
  }
  await repository.close();
  return repository;
}

function counts(workspace: Workspace): { loose: number; packs: number; packed: number } {
  const text = workspace.git('count-objects', '-v');
  const figure = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1]);
  assert.equal(figure('garbage'), 0);
  return { loose: figure('count'), packs: figure('packs'), packed: figure('in-pack') };
}

function quarantines(workspace: Workspace): string[] {
  return readdirSync(objects(workspace)).filter(name => name.startsWith('tmp_'));
}

function objects(workspace: Workspace): string {
  return workspace.git('rev-parse', '--path-format=absolute', '--git-path', 'objects').trim();
}

function assertWhole(workspace: Workspace, iterations: number): void {
  workspace.git('fsck', '--strict', '--full');
  assert.equal(workspace.git('status', '--porcelain'), '');
  assert.equal(
    workspace.git('log', '--author=Watchkeeper', '--oneline').trim().split('\n').length,
    iterations,
  );
  assert.deepEqual(quarantines(workspace), []);
}

describe('what our commits add is packed, now and then', () => {
  test('into a few packs however many commits there are, and nothing of the user’s with it', async t => {
    const workspace = workspaceWith(t);
    workspace.write('lost', 'in no branch, for two weeks\n');
    const unreachable = workspace.git('hash-object', '-w', 'lost').trim();
    rmSync(workspace.path('lost'));
    const theirs = counts(workspace).loose;
    const repository = await commits(workspace, 1, 20);
    const { loose, packs, packed } = counts(workspace);
    assert.ok(packed >= 90, `${packed} packed`);
    assert.ok(packs <= 4, `${packs} packs`);
    assert.ok(loose < theirs + 24, `${loose} loose`);
    assert.equal(workspace.git('cat-file', '-t', unreachable), 'blob\n');
    for (const oid of [
      unreachable,
      ...(workspace.git('rev-list', '--objects', 'HEAD~20').match(/^\w{40}/gm) ?? []),
    ])
      assert.ok(existsSync(join(objects(workspace), oid.slice(0, 2), oid.slice(2))), `${oid} is still loose`);
    assert.deepEqual(repository.warnings, []);
    assertWhole(workspace, 20);
  });

  test('sooner where the log has become large', async t => {
    const workspace = workspaceWith(t, { 'gc.auto': '25' });
    const repository = open(workspace);
    writeData(workspace, 1);
    workspace.write('data/anomalies.log', randomBytes(500_000).toString('base64')); // 500 kB when it is compressed
    committed(await repository.commit(planOf(1)));
    await until('what is under way is done', () => quarantines(workspace).length === 0);
    assert.equal(counts(workspace).packs, 0);
    writeData(workspace, 2);
    workspace.write('data/anomalies.log', randomBytes(500_000).toString('base64'));
    committed(await repository.commit(planOf(2)));
    await until('it is packed', () => counts(workspace).packs === 1 && quarantines(workspace).length === 0);
    await repository.close();
    assertWhole(workspace, 2);
  });

  for (const [what, make] of Object.entries({
    'with object names of SHA-256': (t: TestContext) => {
      const workspace = workspaceAt(temporaryFolder(t));
      workspace.git('init', '--quiet', '--initial-branch=main', '--object-format=sha256');
      workspace.git('commit', '--quiet', '--allow-empty', '--message=first');
      return workspace;
    },
    'in a linked work tree with an odd path': (t: TestContext) => {
      const main = workspaceWith(t, {});
      const folder = join(temporaryFolder(t), 'a:b "c" \\d', 'ws');
      main.git('worktree', 'add', '--quiet', '-b', 'linked', folder);
      return workspaceAt(folder);
    },
    'in a repository with an odd path': (t: TestContext) => {
      const workspace = workspaceAt(join(temporaryFolder(t), 'a:b "c" \\d', 'ü'));
      workspace.write('x', '');
      workspace.git('init', '--quiet', '--initial-branch=main');
      workspace.git('add', '--all');
      workspace.git('commit', '--quiet', '--message=first');
      return workspace;
    },
  })) {
    test(what, async t => {
      const workspace = make(t);
      workspace.git('config', 'gc.auto', '12');
      const repository = await commits(workspace, 1, 6);
      assert.ok(counts(workspace).packed >= 24);
      assert.deepEqual(repository.warnings, []);
      assertWhole(workspace, 6);
    });
  }

  test('and goes on after a restart, and after the user’s `git gc` has taken it all up', async t => {
    const workspace = workspaceWith(t);
    for (const iteration of [1, 2, 3, 4, 5]) await commits(workspace, iteration, iteration);
    assert.ok(counts(workspace).packed >= 12);
    workspace.git('gc', '--quiet');
    assert.equal(counts(workspace).packs, 1);
    await commits(workspace, 6, 10);
    assert.ok(counts(workspace).packs >= 2);
    workspace.git('repack', '--quiet', '-a', '-d');
    await commits(workspace, 11, 15);
    assertWhole(workspace, 15);
  });

  test('but leaves packs alone that the user has marked, or that an index over several packs names', async t => {
    const workspace = workspaceWith(t);
    await commits(workspace, 1, 3);
    const folder = join(objects(workspace), 'pack');
    const pack = readdirSync(folder).find(name => name.endsWith('.pack')) ?? '';
    writeFileSync(join(folder, pack.replace('.pack', '.keep')), '');
    await commits(workspace, 4, 6);
    assert.ok(existsSync(join(folder, pack)));
    workspace.git('multi-pack-index', 'write');
    const before = readdirSync(folder).filter(name => name.endsWith('.pack'));
    await commits(workspace, 7, 12);
    const after = readdirSync(folder);
    assert.ok(before.every(name => after.includes(name)));
    workspace.git('multi-pack-index', 'verify');
    assertWhole(workspace, 12);
  });

  test('and not where the user has switched such things off', async t => {
    for (const settings of [
      { 'gc.auto': '0' },
      { 'gc.auto': '12', 'maintenance.auto': 'false' },
      { 'gc.auto': '12', 'maintenance.gc.enabled': 'no' },
    ]) {
      const workspace = workspaceWith(t, settings);
      await commits(workspace, 1, 4);
      assert.equal(counts(workspace).packed, 0, JSON.stringify(settings));
    }
  });
});

test('the limit is ours unless the user has set one', () => {
  const limit = (values: Record<string, string | null>): number | null =>
    packingLimit({ values: new Map(Object.entries(values)), sources: null });
  assert.equal(limit({}), 1_000);
  assert.equal(limit({ 'gc.auto': '6700' }), 6_700);
  assert.equal(limit({ 'gc.auto': '2k' }), 2_048);
  for (const off of ['0', '-1']) assert.equal(limit({ 'gc.auto': off }), null);
  for (const off of ['false', 'no', 'off', 'False', '0', ''])
    assert.equal(limit({ 'maintenance.auto': off }), null);
  for (const on of ['true', 'yes', '1', null]) assert.equal(limit({ 'maintenance.auto': on }), 1_000);
  assert.equal(limit({ 'maintenance.gc.enabled': 'false' }), null);
  assert.equal(limit({ 'extensions.preciousobjects': 'true' }), null);
});

describe('the user’s git is never in the way, nor we in its', () => {
  test('while `git gc` runs nothing is packed; what one left behind long ago counts no more', async t => {
    const workspace = workspaceWith(t);
    writeFileSync(workspace.path('.git/gc.pid'), '1 elsewhere');
    await commits(workspace, 1, 4);
    assert.equal(counts(workspace).packed, 0);
    const longAgo = Date.now() / 1_000 - 13 * 3_600;
    utimesSync(workspace.path('.git/gc.pid'), longAgo, longAgo);
    await commits(workspace, 5, 5);
    assert.ok(counts(workspace).packed >= 12);
    rmSync(workspace.path('.git/gc.pid'));
    assertWhole(workspace, 5);
  });

  test('a commit does not wait for it, and the end does only a little; then all is as before', async t => {
    const workspace = workspaceWith(t);
    const git = hangingGit(t);
    const repository = open(workspace);
    await git.during(async () => {
      for (const iteration of [1, 2, 3, 4]) await commitData(workspace, repository, iteration);
      await until('it hangs', () => existsSync(git.file('pid')));
      await commitData(workspace, repository, 5);
      await repository.close();
    });
    assert.equal(isRunning(Number(readFileSync(git.file('pid'), 'utf8'))), false);
    assert.deepEqual(repository.warnings, []);
    assert.equal(counts(workspace).packed, 0);
    assertWhole(workspace, 5);
    await commits(workspace, 6, 6);
    assert.ok(counts(workspace).packed >= 12);
    assertWhole(workspace, 6);
  });

  test('a kill in the middle locks nobody out, and the next start sweeps up', async t => {
    const workspace = workspaceWith(t);
    const git = hangingGit(t);
    await commits(workspace, 1, 1);
    writeData(workspace, 2);
    const script = join(import.meta.dirname, 'commit-once.ts');
    workspace.git('config', 'gc.auto', '6');
    const child = spawn(process.execPath, [script, workspace.root, '2'], {
      env: { PATH: git.path, HOME: '/nonexistent' },
      stdio: 'ignore',
    });
    const exited = new Promise(resolve => child.once('exit', resolve));
    await until('it packs', () => existsSync(git.file('pid')));
    child.kill('SIGKILL');
    await exited;
    process.kill(Number(readFileSync(git.file('pid'), 'utf8')), 'SIGKILL');
    assert.equal(quarantines(workspace).length, 1);
    writeFileSync(
      join(objects(workspace), quarantines(workspace)[0] ?? '', 'pack', 'tmp_pack_x'),
      'half a pack',
    );

    workspace.git('gc', '--quiet');
    workspace.git('fsck', '--strict');
    workspace.write('code.ts', 'two\n');
    workspace.git('commit', '--quiet', '--all', '--message=mine');
    await open(workspace).revision();
    assert.deepEqual(quarantines(workspace), []);
    workspace.git('config', 'gc.auto', '12');
    await commits(workspace, 3, 6);
    assertWhole(workspace, 6);
  });

  test('a git that cannot pack is told of once, and nothing is lost', async t => {
    const workspace = workspaceWith(t);
    const git = scriptedGit(t, 'case " $* " in *" pack-objects "*) echo "fatal: no" >&2; exit 128;; esac');
    const repository = open(workspace);
    await git.during(async () => {
      for (let iteration = 1; iteration <= 12; iteration += 1)
        await commitData(workspace, repository, iteration);
      await repository.close();
    });
    assert.equal(repository.warnings.length, 1);
    assert.match(repository.warnings[0] ?? '', /could not be packed: git pack-objects failed: fatal: no/);
    assert.equal(counts(workspace).packed, 0);
    assertWhole(workspace, 12);
  });

  test('damaged lists of what is ours are no harm', async t => {
    const workspace = workspaceWith(t);
    await commits(workspace, 1, 3);
    const folder = join(
      workspace.path('.git/watchkeeper'),
      readdirSync(workspace.path('.git/watchkeeper'))[0] ?? '',
    );
    const damaged = ['', '{"a":', '["../../x"]', '["pack-0000000000000000000000000000000000000000"]', '7'];
    for (const [index, text] of damaged.entries()) {
      writeFileSync(join(folder, 'packs.json'), text);
      writeFileSync(join(folder, 'unpacked'), `garbage\n${'0'.repeat(40)} data/x\n../../etc/passwd x\n`);
      const { warnings } = await commits(workspace, 4 + 3 * index, 6 + 3 * index);
      assert.deepEqual(warnings, []);
    }
    assertWhole(workspace, 3 + 3 * damaged.length);
  });
});

/** A git that packs for ever, and writes down its pid. */
function hangingGit(t: TestContext): ReturnType<typeof scriptedGit> {
  return scriptedGit(
    t,
    'case " $* " in *" pack-objects "*) echo $$ > "$folder/new"; mv "$folder/new" "$folder/pid"; exec sleep 1000;; esac',
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
