import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace } from '../helpers/workspace.ts';

failOnLeaks();

const NEVER_UP = `services:
  feed: { command: sleep 1000, health: { http: "http://127.0.0.1:9/health", every: 1s } }
`;

test('stopped before its first run, `once` has failed, and shows nothing that never was', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules: { quick: { command: "true" } }\n${NEVER_UP}`,
  });
  const once = start(t, workspace.root, ['once']);
  await until('its service is waited for', () => once.stderr().includes('waiting for feed'));
  const { code, stdout } = await once.stop();
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(existsSync(workspace.path('data', 'performance.json')), false);
  assert.equal(workspace.git('rev-list', '--count', 'HEAD').trim(), '1');
});

test('stopped between two modules, `once` has failed', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:
  first: { command: [sh, -c, "trap 'exit 0' TERM; touch started; while :; do sleep 0.05; done"] }
  second: { command: "true", after: [first] }
`,
  });
  const once = start(t, workspace.root, ['once']);
  await until('the first one is running', () => existsSync(workspace.path('started')));
  const { code, stdout } = await once.stop();
  assert.equal(code, 1);
  assert.doesNotMatch(stdout, /second/);
});

test('where there is no module, `once` says so and is done', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': 'services: { feed: { command: sleep 1000 } }\n',
  });
  const { code, stdout, stderr } = await command(t, workspace.root, ['once']);
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(stderr, /watchkeeper.yaml has no modules/);
});
