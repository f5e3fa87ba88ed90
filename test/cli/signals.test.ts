import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { processIdentity } from '../../src/process-identity.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const LONG = `modules:
  long: { command: "sh -c 'echo $$ > pid; exec sleep 600'", retries: 3, retryDelay: 1ms }
  tail: { command: "true", after: [long] }
`;

const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));
const isRunning = (pid: number): boolean => processIdentity(pid) !== null;

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

/** Starts the supervisor in a terminal of its own, which hangs up when `script` is killed. */
function inTerminal(
  t: TestContext,
  root: string,
  shellText: string,
): { hangUp(): void; ended: Promise<unknown> } {
  const child = spawn('script', ['-qec', shellText, '/dev/null'], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', SHELL: '/bin/sh', NODE: process.execPath },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(child, 'close');
  const hangUp = (): void => void child.kill('SIGKILL');
  t.after(() => {
    hangUp();
    return ended;
  });
  return { hangUp, ended };
}

const noTerminal =
  spawnSync('script', ['-qec', 'nohup true > /dev/null', '/dev/null'], { cwd: tmpdir() }).status === 0
    ? false
    : 'no `script` here';
const textIn = (workspace: Workspace, file: string): string =>
  existsSync(workspace.path(file)) ? readFileSync(workspace.path(file), 'utf8') : '';

test('under nohup it outlives its terminal, and still ends in order when it is told to', {
  skip: noTerminal,
}, async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': LONG });
  const terminal = inTerminal(
    t,
    workspace.root,
    `echo $$ > supervisor; exec nohup "$NODE" ${SUPERVISOR} run > said 2>&1`,
  );
  await until('the module runs', () => pidIn(workspace));
  const pid = Number(textIn(workspace, 'supervisor'));
  t.after(() => isRunning(pid) && process.kill(pid, 'SIGKILL'));
  terminal.hangUp();
  await terminal.ended;
  await until('it has heard of that', () =>
    textIn(workspace, 'said').includes('SIGHUP: the terminal is gone'),
  );
  process.kill(pid, 'SIGTERM');
  await until('it has ended', () => !isRunning(pid));
  assert.match(textIn(workspace, 'said'), /SIGTERM: ending what is running[\s\S]*long +SIGTERM/);
  assert.deepEqual(
    runsOf(workspace)['long']?.runs.map(({ outcome }) => outcome),
    ['killed'],
  );
});

test('any other command outlives its terminal under nohup, too', { skip: noTerminal }, async t => {
  const workspace = temporaryWorkspace(t);
  spawnSync('mkfifo', [workspace.path('series')]);
  const series = openSync(workspace.path('series'), 'r+'); // for reading as well: so that nobody waits here
  const terminal = inTerminal(
    t,
    workspace.root,
    `echo $$ > command; exec nohup "$NODE" ${SUPERVISOR} detect - --json < series > said 2>&1`,
  );
  const pid = Number(await until('it has been started', () => textIn(workspace, 'command').trim() || null));
  t.after(() => isRunning(pid) && process.kill(pid, 'SIGKILL'));
  writeSync(series, '1\n'.repeat(1_000));
  await until('it is at work', () => textIn(workspace, 'said').includes('"index":100,'));
  terminal.hangUp();
  await terminal.ended;
  writeSync(series, '2\n'.repeat(1_000));
  closeSync(series);
  await until('it has ended', () => !isRunning(pid));
  assert.match(textIn(workspace, 'said'), /"summary":true.*"points":2000/);
});

test('without nohup the end of its terminal is an orderly end', { skip: noTerminal }, async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': LONG });
  const terminal = inTerminal(t, workspace.root, `echo $$ > supervisor; exec "$NODE" ${SUPERVISOR} run`);
  await until('the module runs', () => pidIn(workspace));
  const pid = Number(textIn(workspace, 'supervisor'));
  t.after(() => isRunning(pid) && process.kill(pid, 'SIGKILL'));
  terminal.hangUp();
  await until('it has ended', () => !isRunning(pid));
  assert.deepEqual(
    runsOf(workspace)['long']?.runs.map(({ outcome }) => outcome),
    ['killed'],
  );
});

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
