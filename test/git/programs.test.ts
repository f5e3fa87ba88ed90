import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { commitData, FILES, filesOf, open } from './support.ts';

failOnLeaks();

/** A program that leaves a trace when it runs. */
function canary(t: TestContext, then = 'exit 1'): { program: string; hasRun: () => boolean } {
  const folder = temporaryFolder(t);
  const trace = join(folder, 'trace');
  const program = join(folder, 'canary');
  writeFileSync(program, `#!/bin/sh\necho "$0 $@" >> '${trace}'\n${then}\n`);
  chmodSync(program, 0o755);
  return { program, hasRun: () => existsSync(trace) };
}

const HOOKS = [
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'reference-transaction',
  'post-index-change',
  'post-rewrite',
  'pre-auto-gc',
  'fsmonitor-watchman',
];

function hook(workspace: Workspace, name: string, text: string): void {
  mkdirSync(workspace.path('.git/hooks'), { recursive: true });
  writeFileSync(workspace.path('.git/hooks', name), `#!/bin/sh\n${text}\n`);
  chmodSync(workspace.path('.git/hooks', name), 0o755);
}

describe('a commit runs no program of the repository', () => {
  for (const [what, then] of [
    ['reject', 'exit 1'],
    ['hang', 'sleep 1000'],
    ['change things', 'echo changed > changed; git add changed; exit 0'],
  ] as const) {
    test(`hooks that ${what}`, async t => {
      const workspace = temporaryWorkspace(t);
      const { program, hasRun } = canary(t, then);
      for (const name of HOOKS) hook(workspace, name, `exec '${program}' ${name}`);
      const repository = open(workspace);
      const sha = await commitData(workspace, repository, 1);
      await commitData(workspace, repository, 2);
      assert.match((await repository.revision()) ?? '', /^[0-9a-f]{7,}$/);
      assert.deepEqual(filesOf(workspace, sha), [...FILES].sort());
      assert.equal(hasRun(), false);
    });
  }

  test('hooks in the folder that core.hooksPath names', async t => {
    const workspace = temporaryWorkspace(t);
    const { program, hasRun } = canary(t);
    for (const name of HOOKS) {
      writeFileSync(join(program, '..', name), `#!/bin/sh\nexec '${program}'\n`);
      chmodSync(join(program, '..', name), 0o755);
    }
    workspace.git('config', 'core.hooksPath', join(program, '..'));
    await commitData(workspace, open(workspace), 1);
    assert.equal(hasRun(), false);
  });

  test('no signing, no editor, no pager, no watcher of files, no filter, no diff, no credential helper', async t => {
    const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n', 'big.bin': 'one\n', '.gitattributes': '' });
    workspace.write('.gitattributes', '* filter=canary diff=canary\n*.bin filter=other\n');
    workspace.git('add', '--all');
    workspace.git('commit', '--quiet', '--message=attributes');
    const { program, hasRun } = canary(t);
    for (const [name, value] of Object.entries({
      'commit.gpgSign': 'true',
      'gpg.program': program,
      'log.showSignature': 'true',
      'core.editor': program,
      'core.pager': program,
      'core.fsmonitor': program,
      'core.sshCommand': program,
      'core.askPass': program,
      'credential.helper': `!${program}`,
      'diff.external': program,
      'diff.canary.textconv': program,
      'diff.canary.command': program,
      'filter.canary.clean': program,
      'filter.canary.smudge': program,
      'filter.canary.required': 'true',
      'filter.other.process': program,
      'alias.rev-parse': `!${program}`,
      'alias.status': `!${program}`,
    })) {
      workspace.git('config', name, value);
    }
    // Another time makes git look into the files, which is where filters would run.
    for (const file of ['code.ts', 'big.bin']) utimesSync(workspace.path(file), 1, 1);
    const repository = open(workspace);
    assert.match((await repository.revision()) ?? '', /^[0-9a-f]{7,}$/);
    const sha = await commitData(workspace, repository, 1);
    await repository.revision();
    assert.equal(hasRun(), false);
    assert.equal(workspace.git('cat-file', 'commit', sha).includes('gpgsig'), false);
  });

  test('contents are committed as they are, whatever attributes say of line ends and keywords', async t => {
    const workspace = temporaryWorkspace(t);
    workspace.write('.gitattributes', '* text eol=crlf ident working-tree-encoding=UTF-16\n');
    workspace.git('config', 'core.autocrlf', 'true');
    const sha = await commitData(workspace, open(workspace), 7);
    assert.equal(workspace.git('cat-file', 'blob', `${sha}:data/performance.json`), '{"iteration":7}\n');
  });
});

test('git variables of a surrounding git command lead nowhere', async t => {
  const workspace = temporaryWorkspace(t, { 'code.ts': 'one\n' });
  const other = temporaryWorkspace(t, { 'other.ts': 'other\n' });
  const { program, hasRun } = canary(t);
  const otherHead = other.git('rev-parse', 'HEAD');
  const hostile: Record<string, string> = {
    GIT_DIR: other.path('.git'),
    GIT_WORK_TREE: other.root,
    GIT_INDEX_FILE: other.path('.git/index'),
    GIT_OBJECT_DIRECTORY: other.path('.git/objects'),
    GIT_COMMON_DIR: other.path('.git'),
    GIT_NAMESPACE: 'elsewhere',
    GIT_CEILING_DIRECTORIES: workspace.path('..'),
    GIT_AUTHOR_NAME: 'Somebody Else',
    GIT_COMMITTER_DATE: '2001-01-01T00:00:00Z',
    GIT_EDITOR: program,
    GIT_PAGER: program,
    GIT_EXTERNAL_DIFF: program,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: program,
    GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${program}'`,
    GIT_TRACE: join(temporaryFolder(t), 'trace'),
    EDITOR: program,
    PAGER: program,
    PREFIX: '/nonexistent',
    LC_ALL: 'de_DE.UTF-8',
  };
  const before = { ...process.env };
  Object.assign(process.env, hostile);
  t.after(() => {
    for (const name of Object.keys(hostile)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  const repository = open(workspace);
  const sha = await commitData(workspace, repository, 1);
  assert.match((await repository.revision()) ?? '', /^[0-9a-f]{7,}$/);
  assert.equal(workspace.git('rev-parse', 'HEAD').trim(), sha);
  assert.equal(workspace.git('log', '-1', '--format=%an').trim(), 'Watchkeeper');
  assert.equal(other.git('rev-parse', 'HEAD'), otherHead);
  assert.equal(other.git('status', '--porcelain'), '');
  assert.equal(existsSync(hostile['GIT_TRACE'] ?? ''), false);
  assert.equal(hasRun(), false);
});
