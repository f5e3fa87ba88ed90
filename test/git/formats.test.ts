import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { commitData, FILES, filesOf, open, planOf, userState, writeData } from './support.ts';

failOnLeaks();

/** What a user may have under way: staged, changed, both, removed, moved, announced, not tracked. */
const CODE = ['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts'].map(name => `code/${name}`);

interface Kind {
  /** Makes the repository; the workspace has all of CODE in a commit, and nothing under way. */
  make(t: TestContext): Workspace;
  /** That it still is of this kind after commits of ours. */
  still?: (workspace: Workspace) => void;
  skip?: boolean;
  /** Without `add -N`: this git may damage such an index with it, all by itself. */
  isFragile?: boolean;
}

/** Perhaps another file system. */
const ELSEWHERE = '/dev/shm';

const files = (below = ''): Record<string, string> =>
  Object.fromEntries(CODE.map(file => [below + file, 'one\n']));

function initialised(t: TestContext, ...options: string[]): Workspace {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.git('init', '--quiet', '--initial-branch=main', ...options);
  for (const [file, text] of Object.entries(files())) workspace.write(file, text);
  workspace.git('add', '--all');
  workspace.git('commit', '--quiet', '--message=first');
  return workspace;
}

/** A repository in which some settings were made, and an index that was written under them. */
function configured(t: TestContext, ...settings: [string, string][]): Workspace {
  const workspace = temporaryWorkspace(t, files());
  for (const [name, value] of settings) workspace.git('config', name, value);
  workspace.git('read-tree', 'HEAD');
  workspace.git('status');
  return workspace;
}

function indexOf(workspace: Workspace): Buffer {
  return readFileSync(workspace.git('rev-parse', '--path-format=absolute', '--git-path', 'index').trim());
}

const KINDS: Record<string, Kind> = {
  'an ordinary repository': { make: t => temporaryWorkspace(t, files()) },
  'a workspace in a subfolder': {
    make(t) {
      const repository = temporaryWorkspace(t, files('a b/ws/'));
      return workspaceAt(repository.path('a b/ws'));
    },
  },
  'a linked work tree': {
    make(t) {
      const main = temporaryWorkspace(t, files());
      const folder = join(temporaryFolder(t), 'linked');
      main.git('worktree', 'add', '--quiet', '-b', 'linked', folder);
      return workspaceAt(folder);
    },
  },
  'a submodule': {
    make(t) {
      const [module, parent] = [temporaryWorkspace(t, files()), temporaryWorkspace(t)];
      const add = ['submodule', '--quiet', 'add', '-b', 'main', module.root, 'below/ws'];
      parent.git('-c', 'protocol.file.allow=always', ...add);
      parent.git('commit', '--quiet', '--message=submodule');
      return workspaceAt(parent.path('below/ws'));
    },
    still: workspace => assert.match(workspace.git('rev-parse', '--git-dir'), /modules\/below\/ws/),
  },
  'object names of SHA-256': {
    make: t => initialised(t, '--object-format=sha256'),
    still: workspace => assert.match(workspace.git('rev-parse', 'HEAD'), /^[0-9a-f]{64}\n$/),
  },
  'branches in reftables': {
    make: t => initialised(t, '--ref-format=reftable'),
    skip: !hasReftables(),
  },
  'packed branches and objects': {
    make(t) {
      const workspace = temporaryWorkspace(t, files());
      workspace.git('gc', '--quiet');
      return workspace;
    },
  },
  'HEAD as a symbolic link': {
    make(t) {
      const workspace = temporaryWorkspace(t, files());
      rmSync(workspace.path('.git/HEAD'));
      symlinkSync('refs/heads/main', workspace.path('.git/HEAD'));
      return workspace;
    },
    still: workspace => assert.ok(lstatSync(workspace.path('.git/HEAD')).isSymbolicLink()),
  },
  'an index behind a link to another file system': {
    make(t) {
      const workspace = temporaryWorkspace(t, files());
      const index = join(folderElsewhere(t), 'index');
      copyFileSync(workspace.path('.git/index'), index);
      rmSync(workspace.path('.git/index'));
      symlinkSync(index, workspace.path('.git/index'));
      return workspace;
    },
    still: workspace => assert.ok(lstatSync(workspace.path('.git/index')).isSymbolicLink()),
    skip: !hasAnotherFileSystem(),
  },
  'a split index': {
    make(t) {
      const workspace = configured(t, ['core.splitIndex', 'true']);
      workspace.git('update-index', '--split-index');
      return workspace;
    },
    still: workspace => assert.ok(indexOf(workspace).includes('link')),
  },
  'an index of version 4': {
    make: t => configured(t, ['index.version', '4']),
    still: workspace => assert.equal(indexOf(workspace).readUInt32BE(4), 4),
  },
  'an index with many threads and without a checksum': {
    make: t =>
      configured(t, ['index.threads', '4'], ['index.skipHash', 'true'], ['feature.manyFiles', 'true']),
  },
  'an untracked cache': {
    make(t) {
      const workspace = configured(t, ['core.untrackedCache', 'true']);
      workspace.git('update-index', '--force-untracked-cache');
      return workspace;
    },
    still: workspace => assert.ok(indexOf(workspace).includes('UNTR')),
  },
  'a watcher of files': {
    make(t) {
      const program = join(temporaryFolder(t), 'watcher');
      // Says that it knows nothing, so that git looks at all files.
      writeFileSync(program, '#!/bin/sh\nprintf "token\\0/\\0"\n');
      chmodSync(program, 0o755);
      const workspace = configured(t, ['core.fsmonitor', program], ['core.fsmonitorHookVersion', '2']);
      workspace.git('update-index', '--fsmonitor');
      return workspace;
    },
  },
  'a sparse checkout with data/ outside of it': {
    make(t) {
      const workspace = temporaryWorkspace(t, { ...files(), 'data/other/x': 'x\n', 'far/away/y': 'y\n' });
      workspace.git('sparse-checkout', 'set', '--cone', 'code');
      return workspace;
    },
    still: workspace => assert.equal(existsSync(workspace.path('far')), false),
  },
  'a sparse checkout with a sparse index': {
    make(t) {
      const workspace = temporaryWorkspace(t, { ...files(), 'data/other/x': 'x\n', 'far/away/y': 'y\n' });
      workspace.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'code');
      return workspace;
    },
    isFragile: true,
    still: workspace => assert.equal(existsSync(workspace.path('far')), false),
  },
  'a sparse checkout by patterns': {
    make(t) {
      const workspace = temporaryWorkspace(t, { ...files(), 'far/away/y': 'y\n' });
      workspace.git('sparse-checkout', 'set', '--no-cone', '/code/', '/data/');
      return workspace;
    },
    still: workspace => assert.equal(existsSync(workspace.path('far')), false),
  },
};

function hasAnotherFileSystem(): boolean {
  return existsSync(ELSEWHERE) && statSync(ELSEWHERE).dev !== statSync(tmpdir()).dev;
}

function folderElsewhere(t: TestContext): string {
  const folder = mkdtempSync(join(ELSEWHERE, 'watchkeeper-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function hasReftables(): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(execFileSync('git', ['version'], { encoding: 'utf8' })) ?? [];
  return Number(major) > 2 || Number(minor) >= 45;
}

/** Everything at once that a user can have under way. */
function bringUnderWay(workspace: Workspace, { isFragile }: Kind): void {
  workspace.write('code/a.ts', 'staged\n');
  workspace.git('add', 'code/a.ts');
  workspace.write('code/a.ts', 'staged, then changed\n');
  workspace.write('code/b.ts', 'changed\n');
  workspace.git('rm', '--quiet', 'code/c.ts');
  workspace.git('mv', 'code/d.ts', 'code/moved.ts');
  workspace.write('code/new.ts', 'new\n');
  if (isFragile !== true) workspace.git('add', '--intent-to-add', 'code/new.ts');
  workspace.write('code/untracked.ts', 'untracked\n');
}

describe('a commit has exactly the three files, and leaves all else as it is, in', () => {
  for (const [what, kind] of Object.entries(KINDS)) {
    test(what, { skip: kind.skip ?? false }, async t => {
      const workspace = kind.make(t);
      bringUnderWay(workspace, kind);
      const repository = open(workspace);
      const clean = workspace.git('rev-parse', '--short', 'HEAD').trim();
      const prefix = workspace.git('rev-parse', '--show-prefix').trim();
      const before = theirs(workspace);
      assert.equal(await repository.revision(), `${clean}+`);
      for (const iteration of [1, 2]) {
        const sha = await commitData(workspace, repository, iteration);
        assert.deepEqual(filesOf(workspace, sha), FILES.map(file => prefix + file).sort());
      }
      assert.equal(await repository.revision(), `${clean}+`);
      assert.deepEqual(theirs(workspace), before);
      assert.equal(workspace.git('status', '--porcelain', '--', 'data'), '');
      workspace.git('commit', '--quiet', '--message=mine');
      const mine = workspace.git('show', '--format=', '--name-only', '--no-renames', 'HEAD').trim();
      const code = ['a.ts', 'c.ts', 'd.ts', 'moved.ts'].map(name => `${prefix}code/${name}`);
      assert.deepEqual(mine.split('\n'), code);
      kind.still?.(workspace);
      assert.deepEqual(repository.warnings, []);
      workspace.git('fsck', '--strict');
    });
  }
});

test('with `git.ref` the same holds, and HEAD and index stay byte for byte', async t => {
  const unusual = /linked|submodule|reftables|split|sparse index/;
  for (const [what, kind] of Object.entries(KINDS).filter(([name]) => unusual.test(name))) {
    if (kind.skip === true) continue;
    const workspace = kind.make(t);
    bringUnderWay(workspace, kind);
    const repository = open(workspace, { ref: 'refs/heads/watch/log' });
    const prefix = workspace.git('rev-parse', '--show-prefix').trim();
    const before = [theirs(workspace), workspace.git('rev-parse', 'HEAD')];
    const index = indexOf(workspace).toString('hex');
    for (const iteration of [1, 2]) {
      const sha = await commitData(workspace, repository, iteration);
      assert.deepEqual(filesOf(workspace, sha), FILES.map(file => prefix + file).sort(), what);
    }
    assert.equal(indexOf(workspace).toString('hex'), index, what);
    assert.deepEqual([theirs(workspace), workspace.git('rev-parse', 'HEAD')], before, what);
  }
});

test('a sparse index that git itself would damage stays byte for byte, and that is said once', async t => {
  const workspace = temporaryWorkspace(t, { ...files(), 'data/other/x': 'x\n', 'far/away/y': 'y\n' });
  workspace.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'code');
  workspace.write('code/new.ts', 'new\n');
  workspace.git('add', '--intent-to-add', 'code/new.ts');
  const index = indexOf(workspace).toString('hex');
  const repository = open(workspace);
  for (const iteration of [1, 2]) {
    writeData(workspace, iteration);
    const { kind } = await repository.commit(planOf(iteration));
    if (kind === 'committed') {
      // A git that can do it.
      const paths = workspace.git('ls-files', '-z').split('\0');
      assert.deepEqual(paths, [...new Set(paths)]);
    } else {
      assert.equal(indexOf(workspace).toString('hex'), index);
      assert.equal(repository.warnings.length, 1);
      assert.match(repository.warnings[0] ?? '', /sparse index/);
    }
  }
});

/** The user's files to the byte, and what git says of them. */
function theirs(workspace: Workspace): Record<string, string> {
  const names = ['a.ts', 'b.ts', 'e.ts', 'moved.ts', 'new.ts', 'untracked.ts'];
  const bytes = names.map(name => [name, readFileSync(workspace.path('code', name), 'utf8')]);
  const state = userState(workspace)
    .split('\n')
    .filter(line => !FILES.some(file => line.endsWith(file) || line.endsWith('? data/')));
  return { ...Object.fromEntries(bytes), state: state.join('\n') };
}
