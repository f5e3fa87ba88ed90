import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const LONG = `modules:
  long: { command: "sh -c 'echo $$ > pid; exec sleep 600'", retries: 3, retryDelay: 1ms }
  tail: { command: "true", after: [long] }
`;

const runsOf = (workspace: Workspace): Record<string, { runs: { outcome: string; attempt: number }[] }> =>
  JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8')).modules;

/** Null as long as nothing is written: the shell makes the file before it writes into it. */
const pidIn = (workspace: Workspace): string | null =>
  existsSync(workspace.path('pid')) ? readFileSync(workspace.path('pid'), 'utf8').trim() || null : null;

for (const signal of ['SIGINT', 'SIGHUP'] as const) {
  test(`${signal} is an orderly end too: what runs is ended and recorded, and the exit code is 0`, async t => {
    const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': LONG });
    const supervisor = start(t, workspace.root);
    const pid = await until('the module runs', () => pidIn(workspace));
    supervisor.process.kill(signal);
    const { code, stderr } = await supervisor.ended;
    assert.equal(code, 0);
    assert.match(stderr, new RegExp(`${signal}: ending what is running`));
    assert.equal(existsSync(`/proc/${pid}`), false);
    const { long, tail } = runsOf(workspace);
    assert.deepEqual(
      long?.runs.map(({ outcome, attempt }) => [outcome, attempt]),
      [['killed', 1]],
    );
    assert.equal(tail, undefined);
  });
}

test('once that is told to end while its module runs has failed, and starts nothing more', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': LONG });
  const once = start(t, workspace.root, ['once']);
  await until('the module runs', () => pidIn(workspace));
  const { code, stdout } = await once.stop();
  assert.equal(code, 1);
  assert.match(stdout, /long +SIGTERM .*ended because the supervisor stopped/);
  assert.deepEqual(Object.keys(runsOf(workspace)), ['long']);
});

test('SIGTERM while services are still coming up ends it at once, with exit code 0', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:
  one: { command: touch started }
services:
  never: { command: "false", restartDelay: 10m, maxRestartDelay: 10m }
`,
  });
  const supervisor = start(t, workspace.root);
  await until('the service has failed', () => supervisor.stderr().includes('service never'));
  const { code } = await supervisor.stop();
  assert.equal(code, 0);
  assert.equal(existsSync(workspace.path('started')), false);
});

test('a reader that goes away (run | head -1) does not end the supervisor', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'git: { enabled: false }\nmodules:\n  tick: { command: "sh -c \'echo x >> ticks\'", schedule: every 1s }\n',
  });
  const ticks = (): number =>
    existsSync(workspace.path('ticks')) ? readFileSync(workspace.path('ticks'), 'utf8').length / 2 : 0;
  const supervisor = start(t, workspace.root);
  await until('it has said something', () => supervisor.stdout() !== '');
  supervisor.process.stdout?.destroy();
  const before = ticks();
  await until('it goes on', () => ticks() >= before + 2);
  const { code, stderr } = await supervisor.stop();
  assert.equal(code, 0, stderr);
  assert.ok((runsOf(workspace)['tick']?.runs.length ?? 0) >= before + 2);
});
