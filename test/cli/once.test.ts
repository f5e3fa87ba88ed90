import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command } from '../helpers/supervisor.ts';
import { temporaryWorkspace } from '../helpers/workspace.ts';

failOnLeaks();

const PIPELINE = `modules:
  backtester: { command: "sh -c 'echo b >> order'", after: [signals] }
  collector: { command: "sh -c 'echo c >> order'" }
  signals: { command: "sh -c 'echo s >> order'", after: [collector] }
`;

test('once runs all modules in their order, records them, commits, and exits 0', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': PIPELINE });
  const ended = await command(t, workspace.root, ['once']);
  assert.deepEqual([ended.code, ended.stderr], [0, '']);
  assert.equal(readFileSync(workspace.path('order'), 'utf8'), 'c\ns\nb\n');
  const performance = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  assert.deepEqual(Object.keys(performance.modules).sort(), ['backtester', 'collector', 'signals']);
  assert.equal(performance.modules.collector.runs[0].trigger, 'manual');
  assert.equal(performance.modules.signals.runs[0].trigger, 'after');
  assert.equal(workspace.git('log', '-1', '--format=%s').trim(), 'Performance OK (iteration 1)');
});

test('once with names runs these and what comes after them', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': PIPELINE });
  await command(t, workspace.root, ['once', 'signals']);
  assert.equal(readFileSync(workspace.path('order'), 'utf8'), 's\nb\n');
});

test('once exits 1 where a module failed; what comes after it is skipped, and says so', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': PIPELINE.replace('echo c >> order', 'exit 3'),
  });
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.code, 1);
  assert.equal(existsSync(workspace.path('order')), false);
  const { modules } = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  assert.deepEqual([modules.collector.runs[0].outcome, modules.collector.runs[0].exitCode], ['error', 3]);
  assert.deepEqual(
    [modules.signals.runs[0].outcome, modules.backtester.runs[0].outcome],
    ['skipped', 'skipped'],
  );
  assert.deepEqual([modules.collector.errorCount, modules.signals.errorCount], [1, 0]);
  assert.match(ended.stdout, /Module failed: collector \(error\)/);
});

test('once --json prints a document a line: the runs, then the iteration', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': PIPELINE });
  const ended = await command(t, workspace.root, ['once', '--json']);
  const lines = ended.stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.deepEqual(
    lines.map(line => line.type),
    ['run', 'run', 'run', 'iteration'],
  );
  assert.equal(lines[3].message, 'Performance OK');
});

test('a module that does not exist is a usage error that names those that do', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': PIPELINE });
  const ended = await command(t, workspace.root, ['once', 'colector']);
  assert.equal(ended.code, 2);
  assert.match(ended.stderr, /no module 'colector': the modules are backtester, collector, signals/);
});

test('further attempts follow a failure in the same iteration, with growing delays, each a run of its own', async t => {
  const flaky = `modules:
  flaky: { command: "sh -c 'echo x >> tries; test $(wc -l < tries) -ge 3'", shell: false, retries: 4, retryDelay: 10ms }
`;
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': flaky });
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.code, 0);
  const { flaky: history } = JSON.parse(
    readFileSync(workspace.path('data/performance.json'), 'utf8'),
  ).modules;
  const shape = history.runs.map((run: Record<string, unknown>) => [
    run['attempt'],
    run['trigger'],
    run['outcome'],
  ]);
  assert.deepEqual(shape, [
    [1, 'manual', 'error'],
    [2, 'retry', 'error'],
    [3, 'retry', 'ok'],
  ]);
  assert.deepEqual([history.successCount, history.errorCount, history.restartCount], [1, 2, 2]);
});
