import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder, workspaceAt } from '../helpers/workspace.ts';
import { call } from './called.ts';

const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));

const GOOD = 'modules:\n  one: { command: "true" }\n';

for (const argv of [
  ['--root', 'ROOT', '--json', 'validate'],
  ['--json', '--root=ROOT', 'validate'],
  ['--json', 'validate', '--root', 'ROOT'],
  ['--root', 'ROOT', 'validate', '--json'],
  ['validate', '--json', '--root=ROOT'],
  ['--root', '/nowhere', '--json', 'validate', '--root', 'ROOT'],
]) {
  test(`${argv.join(' ')}: the workspace and --json may stand on either side of the command`, async t => {
    const workspace = workspaceAt(temporaryFolder(t));
    workspace.write('watchkeeper.yaml', GOOD);
    const { code, stdout, stderr } = await call(...argv.map(word => word.replace('ROOT', workspace.root)));
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(JSON.parse(stdout), { valid: true, problems: [] });
  });
}

for (const argv of [
  ['--root', '', 'validate'],
  ['validate', '--root', ''],
  ['validate', '--root='],
  ['--root', ''],
]) {
  test(`${JSON.stringify(argv)}: an empty name is no workspace`, async () => {
    const { code, stdout, stderr } = await call(...argv);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /--root is empty: name the workspace/);
  });
}

test('an empty name is no folder for init, and nothing is written', async t => {
  const root = temporaryFolder(t);
  const { code, stdout, stderr } = await call('init', '', '--root', root);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /the folder is empty: name one/);
  assert.deepEqual(readdirSync(root), []);
});

test('a mistyped command is told after an option too', async t => {
  const { code, stdout, stderr } = await call('--root', temporaryFolder(t), 'statsu');
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /there is no command 'statsu'/);
});

test('a current folder that was removed is told, and a full path helps', t => {
  const workspace = workspaceAt(realpathSync(temporaryFolder(t)));
  workspace.write('watchkeeper.yaml', GOOD);
  const validate = (options: string) =>
    spawnSync(
      'sh',
      ['-c', `mkdir gone && cd gone && rmdir ../gone && exec "$NODE" ${SUPERVISOR} validate ${options}`],
      {
        cwd: workspace.root,
        env: { PATH: process.env['PATH'] ?? '', NODE: process.execPath, NO_COLOR: '1' },
        encoding: 'utf8',
      },
    );
  for (const options of ['', '--root ..']) {
    const { status, stdout, stderr } = validate(options);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^watchkeeper: the current folder was removed: go to one that is there, or name/);
  }
  assert.equal(validate(`--root '${workspace.root}'`).status, 0);
});
