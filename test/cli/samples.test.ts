import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { reportMetric } from '../../src/intake/report-metric.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

/** Reports one line through the socket that the environment names. */
const REPORT = `import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(os.environ['WATCHKEEPER_SOCKET'])
s.sendall(sys.argv[1].encode() + b'\\n')
`;

const IDLE = 'modules: { idle: { command: "true", schedule: every 1h } }\n';

function samplesOf(workspace: Workspace): string[] {
  const database = new DatabaseSync(workspace.path('data/watchkeeper.db'), { readOnly: true });
  try {
    return database
      .prepare('SELECT source, metric, value FROM samples JOIN series ON series.id = series ORDER BY seq')
      .all()
      .map(({ source, metric, value }) => `${source}.${metric} ${source === 'system' ? '' : value}`.trim());
  } finally {
    database.close();
  }
}

test('what a module says through the socket, and how the machine was, is in the store after `once`', async t => {
  const workspace = temporaryWorkspace(t, {
    'report.py': REPORT,
    'watchkeeper.yaml': 'modules: { loader: { command: [python3, report.py, "loader.rows:5|c"] } }\n',
  });
  const { code, stderr } = await command(t, workspace.root, ['once']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const samples = samplesOf(workspace);
  assert.ok(samples.includes('loader.rows 5'), samples.join());
  for (const metric of ['load1', 'memoryUsedMb', 'diskFreeMb'])
    assert.ok(samples.includes(`system.${metric}`), metric);
  assert.equal(existsSync(workspace.path('data/metrics.sock')), false);
  assert.doesNotMatch(workspace.git('ls-files', '--others', '--cached'), /metrics\.sock/);
});

test('a service reports, the configuration switches the socket off and on, and a killed supervisor leaves no obstacle', async t => {
  const service = `services: { feed: { command: [sh, -c, "python3 report.py 'feed.ticks:1|c'; exec sleep 600"] } }\n`;
  const yaml = `${IDLE}${service}intake: { flush: 1s }\n`;
  const workspace = temporaryWorkspace(t, { 'report.py': REPORT, 'watchkeeper.yaml': yaml });
  const socket = workspace.path('data/metrics.sock');
  const first = start(t, workspace.root);
  await iterations(first, 1);
  assert.equal(lstatSync(socket).mode & 0o777, 0o600);
  await until('the service has reported', () => samplesOf(workspace).includes('feed.ticks 1'));
  workspace.write('watchkeeper.yaml', yaml.replace('flush: 1s', 'socket: false'));
  await until('the socket is gone', () => !existsSync(socket));
  workspace.write('watchkeeper.yaml', yaml);
  await until('the socket is there again', () => existsSync(socket));
  first.process.kill('SIGKILL');
  await first.ended;
  assert.ok(lstatSync(socket).isSocket(), 'left behind');

  const second = start(t, workspace.root);
  await iterations(second, 1);
  await reportMetric(workspace.root, { metric: 'after', value: 2 });
  const { code } = await second.stop();
  assert.equal(code, 0);
  assert.ok(samplesOf(workspace).includes('custom.after 2'));
  assert.equal(existsSync(socket), false);
});

test('variables of the environment switch both off, and a bad one is told before anything runs', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': 'modules: { show: { command: [sh, -c, "env > environment"] } }\n',
  });
  const off = { WATCHKEEPER_SYSTEM_ENABLED: 'false', WATCHKEEPER_INTAKE_SOCKET: 'false' };
  assert.equal((await command(t, workspace.root, ['once'], off)).code, 0);
  assert.deepEqual(samplesOf(workspace), []);
  assert.doesNotMatch(readFileSync(workspace.path('environment'), 'utf8'), /WATCHKEEPER_SOCKET/);
  const { code, stderr } = await command(t, workspace.root, ['once'], { WATCHKEEPER_SYSTEM_EVERY: '10' });
  assert.equal(code, 2);
  assert.match(stderr, /^watchkeeper: WATCHKEEPER_SYSTEM_EVERY must be a duration with its unit, such as /);
});

test('where the path is too long for a socket, a module gets it from its own folder', {
  skip: process.platform !== 'linux',
}, async t => {
  const outer = temporaryWorkspace(t);
  const folder = 'a'.repeat(100);
  outer.write(`${folder}/report.py`, REPORT);
  outer.write(
    `${folder}/watchkeeper.yaml`,
    'git: { enabled: false }\nmodules: { loader: { command: [python3, report.py, "loader.rows:5|c"] } }\n',
  );
  const { code } = await command(t, outer.path(folder), ['once']);
  assert.equal(code, 0);
  const database = new DatabaseSync(outer.path(folder, 'data/watchkeeper.db'), { readOnly: true });
  const row = database
    .prepare("SELECT value FROM samples JOIN series ON series.id = series WHERE source = 'loader'")
    .get();
  database.close();
  assert.deepEqual({ ...row }, { value: 5 });
});
