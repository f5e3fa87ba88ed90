import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command } from '../helpers/supervisor.ts';
import { temporaryWorkspace } from '../helpers/workspace.ts';
import { call } from './called.ts';

failOnLeaks();

const yaml = (...names: string[]) =>
  `git: { enabled: false }\nmodules:\n${names.map(name => `  ${name}: { command: "true" }\n`).join('')}`;

test('only a module that is configured, or was once, can be asked for', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml('collector', 'former') });
  assert.equal((await command(t, workspace.root, ['once'])).code, 0);
  workspace.write('watchkeeper.yaml', yaml('collector', 'fresh'));
  const asked = (module: string) => call('anomalies', '--root', workspace.root, '--module', module);
  for (const module of ['collector', 'former', 'fresh'])
    assert.deepEqual(await asked(module), { code: 0, stdout: 'no anomalies\n', stderr: '' });
  for (const module of ['colector', '']) {
    const { code, stdout, stderr } = await asked(module);
    assert.deepEqual([code, stdout], [2, '']);
    const meant = module === '' ? '' : ' \\(did you mean `collector`\\?\\)';
    assert.match(
      stderr,
      new RegExp(`there is no module '${module}'${meant}: the modules are collector, fresh, former$`, 'm'),
    );
  }
  // A configuration that is broken just now keeps nobody from asking for the past.
  workspace.write('watchkeeper.yaml', 'modules: {');
  assert.equal((await asked('former')).code, 0);
  const since = (text: string) => call('anomalies', '--root', workspace.root, '--since', text);
  for (const text of ['1h30m', '1.5h', '90s', '7d', '999999999999d'])
    assert.equal((await since(text)).code, 0, text);
  for (const text of ['', '1x', 'yesterday', '30m1h']) {
    const { code, stderr } = await since(text);
    assert.equal(code, 2, text);
    assert.match(stderr, /--since takes a duration such as 30m, 24h, 1h30m or 7d, not/);
  }
});
