import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder, workspaceAt } from '../helpers/workspace.ts';
import { call } from './called.ts';

const YAML = 'modules:\n  one: { command: "true" }\n';

for (const name of ['status', 'anomalies']) {
  test(`${name} before the first run has nothing to read: exit code 4, and what to do`, async t => {
    const workspace = workspaceAt(temporaryFolder(t));
    workspace.write('watchkeeper.yaml', YAML);
    const { code, stdout, stderr } = await call(name, '--root', workspace.root);
    assert.deepEqual([code, stdout], [4, '']);
    assert.match(stderr, /nothing has run in this workspace yet/);
  });
}

for (const folder of ['data', 'logs']) {
  test(`a file in the place of ${folder}/ is told, exit code 4, and stays as it is`, async t => {
    const workspace = workspaceAt(temporaryFolder(t));
    workspace.write('watchkeeper.yaml', YAML);
    workspace.write(folder, 'mine');
    const { code, stdout, stderr } = await call('once', '--root', workspace.root);
    assert.deepEqual([code, stdout], [4, '']);
    assert.match(stderr, new RegExp(`${folder} is in the way: it must be a folder`));
  });
}

test('a store of something else is not read as one', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/watchkeeper.db', 'no database');
  const { code, stdout, stderr } = await call('anomalies', '--root', workspace.root);
  assert.deepEqual([code, stdout], [4, '']);
  assert.match(stderr, /watchkeeper\.db/);
});
