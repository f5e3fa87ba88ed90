import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { failOnLeaks } from './helpers/leaks.ts';
import { command } from './helpers/supervisor.ts';
import { temporaryWorkspace, type Workspace } from './helpers/workspace.ts';

failOnLeaks();

const runsOf = (workspace: Workspace, module: string) =>
  JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8')).modules[module].runs;

test('a child gets its own variables, the few default ones, what is passed on, and nothing else', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:
  show:
    command: sh -c 'env -0 > environment; pwd > folder'
    env: { GREETING: "hello world" }
    passEnv: [WANTED]
`,
  });
  await command(t, workspace.root, ['once'], { WANTED: 'yes', SECRET: 'no', LC_ALL: 'C.UTF-8' });
  const entries = readFileSync(workspace.path('environment'), 'utf8').split('\0').filter(Boolean);
  const env = Object.fromEntries(
    entries.map(entry => [entry.split('=')[0], entry.slice(entry.indexOf('=') + 1)]),
  );
  const [run] = runsOf(workspace, 'show');
  assert.equal(env['WATCHKEEPER_RUN_ID'], run.id);
  assert.equal(env['WATCHKEEPER_MODULE'], 'show');
  assert.equal(env['WATCHKEEPER_ITERATION'], '1');
  assert.equal(env['WATCHKEEPER_DATA_DIR'], workspace.path('data'));
  assert.equal(dirname(env['WATCHKEEPER_METRICS'] ?? ''), workspace.path('data/runs'));
  assert.equal(env['WATCHKEEPER_SOCKET'], workspace.path('data/metrics.sock'));
  assert.equal(env['PATH']?.split(':')[0], dirname(process.execPath));
  assert.deepEqual([env['GREETING'], env['WANTED'], env['LC_ALL']], ['hello world', 'yes', 'C.UTF-8']);
  assert.equal(env['SECRET'], undefined);
  assert.equal(readFileSync(workspace.path('folder'), 'utf8').trim(), workspace.root);
  assert.deepEqual(readdirSync(workspace.path('data/runs')), []);
});

test('output goes to the log of the module, each line with its time and run', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:\n  talk: { command: "sh -c 'echo out; echo err >&2; printf unfinished'" }\n`,
  });
  await command(t, workspace.root, ['once']);
  const [run] = runsOf(workspace, 'talk');
  const lines = readFileSync(workspace.path('logs/talk.log'), 'utf8').trimEnd().split('\n');
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (\S+) ([|!]) (.*)$/;
  const parsed = lines.map(line => shape.exec(line)?.slice(1));
  assert.deepEqual(parsed.toSorted(), [
    [run.id, '!', 'err'],
    [run.id, '|', 'out'],
    [run.id, '|', 'unfinished'],
  ]);
  assert.equal(statSync(workspace.path('logs/talk.log')).mode & 0o777, 0o600);
});

test('what a module reports becomes metrics of its run; a line that is none is counted and told', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:
  report:
    shell: true
    command: |
      m() { printf '%s\\n' "$1" >> "$WATCHKEEPER_METRICS"; }
      m '{"metric":"apiLatencySeconds","value":0.1,"labels":{"endpoint":"GET /a"}}'
      m '{"metric":"apiLatencySeconds","value":0.3,"error":true}'
      m '{"metric":"rows","value":1}'
      m '{"metric":"rows","value":7}'
      m '{"metric":"total","value":1,"kind":"sum"}'
      m '{"metric":"total","value":7,"kind":"sum"}'
      m '{"metric":"share","value":1,"kind":"mean"}'
      m '{"metric":"share","value":2,"kind":"mean"}'
      m 'no json'
`,
  });
  const ended = await command(t, workspace.root, ['once']);
  const [run] = runsOf(workspace, 'report');
  assert.equal(run.apiLatencySeconds, 0.2);
  assert.deepEqual([run.api.count, run.api.errors, run.api.max], [2, 1, 0.3]);
  assert.deepEqual(run.custom, { rows: 7, total: 8, share: 1.5 });
  assert.equal(run.outcome, 'ok');
  assert.match(
    ended.stderr,
    /report: 1 line\(s\) of its metrics file are not understood.*the first is line 9: it is no JSON object/,
  );
});

test('labels of a module get into its run, without the secrets that it was given', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:
  train:
    env: { API_TOKEN: tok-93ab }
    shell: true
    command: |
      printf '{"label":"%s","value":"%s"}\\n' model v3 from "https://x?t=$API_TOKEN" >> "$WATCHKEEPER_METRICS"
`,
  });
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.stderr, '');
  const [run] = runsOf(workspace, 'train');
  assert.deepEqual(run.labels, { model: 'v3', from: 'https://x?t=***' });
});

test('requests of a Node module are timed without a change to it', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': 'modules:\n  client: { command: node client.mjs }\n',
    'client.mjs': `import { createServer } from 'node:http';
const server = createServer((request, response) => setTimeout(() => response.end('x'), 20)).listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  for (const path of ['/a?secret=1', '/b']) await (await fetch('http://127.0.0.1:' + port + path)).text();
  server.close();
});
`,
  });
  await command(t, workspace.root, ['once']);
  const [run] = runsOf(workspace, 'client');
  assert.deepEqual([run.outcome, run.api.count, run.api.errors], ['ok', 2, 0]);
  assert.ok(run.apiLatencySeconds >= 0.015, `the server took 20 ms, measured were ${run.apiLatencySeconds}`);
});

test('a module that cannot be started is recorded with the reason, and not tried again in vain', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'modules:\n  gone: { command: no-such-program --flag, retries: 3, retryDelay: 1ms }\n',
  });
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.code, 1);
  const runs = runsOf(workspace, 'gone');
  assert.equal(runs.length, 1);
  assert.deepEqual(
    [runs[0].outcome, runs[0].exitCode, runs[0].cpuSeconds, runs[0].memoryMb],
    ['error', null, null, null],
  );
  assert.match(runs[0].reason, /no-such-program/);
  assert.match(ended.stdout, /no-such-program/);
});

test('a timeout ends the whole process tree and is recorded as such', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:
  hang: { command: "sh -c 'sleep 600 & echo $! > grandchild; wait'", timeout: 300ms, killGrace: 1s }
`,
  });
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.code, 1);
  const [run] = runsOf(workspace, 'hang');
  assert.deepEqual([run.outcome, run.signal], ['timeout', 'SIGTERM']);
  const grandchild = readFileSync(workspace.path('grandchild'), 'utf8').trim();
  assert.equal(existsSync(`/proc/${grandchild}`), false);
});

test('a run is recorded although its report cannot be removed: no descriptor is left to do it with', async t => {
  const { root } = temporaryWorkspace(t, { 'data/runs/.keep': '' });
  const script = `
    import { openSync, writeFileSync } from 'node:fs';
    import { Launcher } from ${JSON.stringify(new URL('../src/launch.ts', import.meta.url).href)};
    const [data, logs] = [${JSON.stringify(`${root}/data`)}, ${JSON.stringify(`${root}/logs`)}];
    const clock = { now: Date.now, monotonic: () => performance.now() };
    const logSize = () => ({ maxBytes: 1e6, files: 1 });
    const launcher = new Launcher({ data, logs, clock, logSize, socket: () => null, env: {}, warn() {} });
    const module = { name: 'one', argv: ['true'], shell: false, cwd: data, env: {}, passEnv: [], killGraceMs: 1, timeoutMs: null };
    const { spec, collect } = launcher.module(module, { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', module: 'one', iteration: 1 });
    writeFileSync(spec.env.WATCHKEEPER_METRICS, '');
    try { for (;;) openSync('/dev/null'); } catch {}
    console.log(typeof (await collect()).custom);`;
  const limited = 'ulimit -n 100; exec "$0" --input-type=module -e "$1"';
  assert.equal(
    execFileSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' }),
    'object\n',
  );
});
