import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../helpers/free-port.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const SERVER = fileURLToPath(new URL('../fixtures/services/server.mjs', import.meta.url));

const yaml = (port: number, more = '') => `git: { enabled: false }
modules:
  client:
    command: [node, -e, "fetch('http://127.0.0.1:${port}/').then(a => a.text())"]
    schedule: every 1s
services:
  feed:
    command: [node, ${JSON.stringify(SERVER)}, ${port}, .]
    health: { http: "http://127.0.0.1:${port}/health", every: 300ms, timeout: 10s, failures: 2 }
    restartDelay: 100ms
${more}`;

const starts = (workspace: Workspace): string[] =>
  existsSync(workspace.path('starts'))
    ? readFileSync(workspace.path('starts'), 'utf8').split('\n').filter(Boolean)
    : [];

const statusOf = (workspace: Workspace) =>
  JSON.parse(readFileSync(workspace.path('data/status.json'), 'utf8'));

test('modules wait for the services, which live as long as the supervisor and are seen in the status', async t => {
  const port = await freePort();
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml(port), failing: '' });
  const supervisor = start(t, workspace.root);
  await until('the service is up', () => starts(workspace)[0]);
  await until('it is told', () => /waiting for feed, at most 30 s/.test(supervisor.stderr()));
  assert.equal(supervisor.stdout(), '');
  rmSync(workspace.path('failing'));
  await iterations(supervisor, 1);
  assert.match(supervisor.stderr(), /service feed is healthy[\s\S]*watching/);
  assert.match(supervisor.stdout(), /^\S+ +client +ok /);
  const { feed } = statusOf(workspace).services;
  assert.deepEqual([feed.status, feed.restartCount], ['healthy', 0]);
  const shown = await command(t, workspace.root, ['status']);
  assert.match(shown.stdout, new RegExp(`feed \\(service\\): healthy, pid ${feed.pid}`));
  await supervisor.stop();
  assert.equal(existsSync(`/proc/${starts(workspace)[0]}`), false);
  const stopped = statusOf(workspace);
  assert.deepEqual([stopped.services.feed.status, stopped.services.feed.pid], ['stopped', null]);
  const after = await command(t, workspace.root, ['status']);
  assert.match(after.stdout, /feed \(service\): not running$/m);
});

test('after a crash no service is called healthy', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml(await freePort()) });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  supervisor.process.kill('SIGKILL');
  await supervisor.ended;
  assert.equal(statusOf(workspace).services.feed.status, 'healthy');
  const shown = await command(t, workspace.root, ['status']);
  assert.match(
    shown.stdout,
    /feed \(service\): not running \(healthy as of \d+ s ago; the supervisor is not running\)$/m,
  );
  const { services, running } = JSON.parse((await command(t, workspace.root, ['status', '--json'])).stdout);
  assert.deepEqual([services.feed.status, services.feed.pid, running], ['stopped', null, false]);
  await until('its service is gone', () => !existsSync(`/proc/${starts(workspace)[0]}`));
});

test('a service whose program is missing does not hold up the modules', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'modules: { one: { command: "true" } }\nservices: { feed: { command: no-such-program } }\n',
  });
  const { code, stdout, stderr } = await command(t, workspace.root, ['once']);
  assert.equal(code, 0);
  assert.match(stdout, /one +ok/);
  assert.match(stderr, /service feed: no-such-program is in no folder of PATH[\s\S]*going on without feed/);
  assert.doesNotMatch(stderr, /waiting for/);
});

test('a service that dies, and one that turns unhealthy, is restarted and counted', async t => {
  const port = await freePort();
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml(port) });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  process.kill(Number(starts(workspace)[0]), 'SIGKILL');
  await until('it is started again', () => starts(workspace)[1]);
  assert.match(supervisor.stderr(), /service feed: it was ended by SIGKILL/);
  await until(
    'it is healthy again',
    () => supervisor.stderr().match(/service feed is healthy/g)?.length === 2,
  );
  workspace.write('failing', '');
  await until('it is started once more', () => starts(workspace)[2]);
  assert.match(supervisor.stderr(), /service feed is unhealthy: .*503.*2 time\(s\) in a row/);
  rmSync(workspace.path('failing'));
  await until('the status counts two restarts', () => statusOf(workspace).services.feed.restartCount === 2);
  assert.equal(statusOf(workspace).restartCount, 2);
  await until('it is healthy in the status', () => statusOf(workspace).services.feed.status === 'healthy');
  const shown = await command(t, workspace.root, ['status']);
  assert.match(shown.stdout, /feed \(service\): healthy, pid \d+, 2 restart\(s\), last problem: .*503/);
  await supervisor.stop();
});

test('an edit restarts the services that it concerns, ends those that are gone, and leaves the others alone', async t => {
  const port = await freePort();
  const extra = (text: string) => `  extra: { command: "sh -c 'echo ${text} >> said; exec sleep 600'" }\n`;
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml(port, extra('old')) });
  const said = (): string =>
    existsSync(workspace.path('said')) ? readFileSync(workspace.path('said'), 'utf8') : '';
  const taken = (count: number): Promise<true> =>
    until('the edit is in effect', () => supervisor.stderr().match(/is in effect/g)?.length === count);
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  workspace.write('watchkeeper.yaml', yaml(port, extra('new')));
  await taken(1);
  await until('the changed one is started anew', () => said() === 'old\nnew\n');
  workspace.write('watchkeeper.yaml', yaml(port));
  await taken(2);
  await until('the status no longer has it', () => !('extra' in statusOf(workspace).services));
  assert.equal(starts(workspace).length, 1);
  await supervisor.stop();
  assert.equal(said(), 'old\nnew\n');
});
