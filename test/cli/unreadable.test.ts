import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { temporaryFolder, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { type Called, call } from './called.ts';

failOnLeaks();

const YAML = 'modules:\n  one: { command: "true" }\n';
const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));

/** Permissions are no obstacle for the superuser: then it is user `nobody` who is let in or not. */
const SUPERUSER = process.getuid?.() === 0;
const OTHER = SUPERUSER ? { uid: 65534, gid: 65534 } : {};
const SKIP =
  spawnSync('test', ['-r', SUPERVISOR], OTHER).status === 0
    ? false
    : 'another user cannot read this checkout';

function callAsOther(...argv: string[]): Called {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1' };
  const options = { ...OTHER, env, cwd: '/', encoding: 'utf8' as const };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SUPERVISOR, ...argv], options);
  return { code: status ?? -1, stdout, stderr };
}

for (const name of ['status', 'anomalies']) {
  test(`${name} before the first run has nothing to read: exit code 4, and what to do`, async t => {
    const workspace = workspaceAt(temporaryFolder(t));
    workspace.write('watchkeeper.yaml', YAML);
    for (const make of [() => undefined, () => workspace.write('data/.gitignore', '*\n')]) {
      make();
      const { code, stdout, stderr } = await call(name, '--root', workspace.root);
      assert.deepEqual([code, stdout], [4, '']);
      assert.match(stderr, /nothing has run in this workspace yet/);
    }
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

test('a file in the place of data/ is told by those who only look, too', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data', 'mine');
  for (const name of ['status', 'anomalies']) {
    const { code, stdout, stderr } = await call(name, '--root', workspace.root);
    assert.deepEqual([code, stdout], [4, '']);
    assert.match(stderr, /\(ENOTDIR\): .*\/data must be a folder: move it away\n$/);
  }
});

test('a store of something else is not read as one', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/watchkeeper.db', 'no database');
  const { code, stdout, stderr } = await call('anomalies', '--root', workspace.root);
  assert.deepEqual([code, stdout], [4, '']);
  assert.match(stderr, /watchkeeper\.db/);
});

const SLOW = `detection: { window: 2, floors: { runtimeSeconds: 99, cpuPercent: 9999, memoryMb: 9999 } }
git: { commitOn: [ok, anomaly] }
modules: { one: { command: "sh -c 'cat value >> $WATCHKEEPER_METRICS'" } }
`;

const template = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-test-')));
after(() => rmSync(template, { recursive: true, force: true }));

/** A workspace with three runs, in the last of which a metric has doubled: one incident is open. */
async function withHistory(t: TestContext): Promise<Workspace> {
  const made = workspaceAt(template);
  if (!existsSync(made.path('watchkeeper.yaml'))) {
    made.write('watchkeeper.yaml', SLOW);
    made.write('.gitignore', 'logs/\n');
    made.git('init', '--quiet', '--initial-branch=main');
    made.git('add', '--all');
    made.git('commit', '--quiet', '--message=first');
    for (const rows of [1, 1, 2]) {
      made.write('value', `{"metric":"rows","value":${rows}}\n`);
      assert.equal((await command(t, made.root, ['once'])).code, 0);
    }
  }
  const workspace = workspaceAt(temporaryFolder(t));
  cpSync(template, workspace.root, { recursive: true });
  return workspace;
}

async function shown(workspace: Workspace, look: typeof call | typeof callAsOther = call) {
  const [status, anomalies] = [
    await look('status', '--root', workspace.root),
    await look('anomalies', '--root', workspace.root),
  ];
  const text = (await look('status', '--json', '--root', workspace.root)).stdout;
  for (const { code, stderr } of [status, anomalies]) assert.deepEqual([code, stderr], [0, '']);
  // How long ago something was differs from look to look.
  const timeless = (said: Called): string => said.stdout.replaceAll(/\d+ \w+ ago/g, 'ago');
  return { status: timeless(status), anomalies: timeless(anomalies), json: JSON.parse(text) };
}

test('a fresh clone shows what its files say, before anything has run in it', async t => {
  const workspace = await withHistory(t);
  const clone = workspaceAt(temporaryFolder(t));
  clone.git('clone', '--quiet', workspace.root, '.');
  const files = readdirSync(clone.path('data'));
  const seen = await shown(clone);
  assert.deepEqual(seen, await shown(workspace));
  assert.match(seen.status, /Anomaly detected: 1 anomaly\(ies\)/);
  assert.match(seen.status, /^one +ok, .*ago +3 +0 /m);
  assert.match(seen.anomalies, /^open +one +rows/m);
  assert.deepEqual(readdirSync(clone.path('data')), files, 'nothing is made by looking');
  writeFileSync(clone.path('data/performance.json'), '{"version":1,"mod');
  const { code, stderr } = await call('anomalies', '--root', clone.root);
  assert.deepEqual([code, readdirSync(clone.path('data'))], [4, files]);
  assert.match(stderr, /performance\.json is not JSON.*start the supervisor, which sets it aside/);
});

/** Lets everybody look at the workspace, and its owner write in it again once `work` is over. */
async function readOnly(workspace: Workspace, work: () => Promise<void>): Promise<void> {
  const data = workspace.path('data');
  chmodSync(workspace.root, 0o755);
  for (const entry of readdirSync(data, { withFileTypes: true }))
    if (entry.isFile()) chmodSync(workspace.path('data', entry.name), 0o444);
  chmodSync(data, 0o555);
  try {
    await work();
  } finally {
    chmodSync(data, 0o755);
  }
}

test('status and anomalies can be read where nothing can be written', { skip: SKIP }, async t => {
  const workspace = await withHistory(t);
  const before = await shown(workspace);
  // A reader leaves them behind; after an orderly end of the supervisor they are not there.
  for (const side of ['-wal', '-shm']) rmSync(workspace.path(`data/watchkeeper.db${side}`), { force: true });
  await readOnly(workspace, async () => {
    const files = readdirSync(workspace.path('data'));
    assert.deepEqual(await shown(workspace, callAsOther), before);
    assert.deepEqual(readdirSync(workspace.path('data')), files);
  });
});

test('a store with a log of SQLite beside it can be read where nothing can be written', {
  skip: SKIP,
}, async t => {
  const workspace = await withHistory(t);
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  supervisor.process.kill('SIGKILL');
  await supervisor.ended;
  assert.ok(readdirSync(workspace.path('data')).includes('watchkeeper.db-wal'));
  const before = await shown(workspace);
  for (const side of [[], ['-shm']]) {
    for (const name of side) rmSync(workspace.path(`data/watchkeeper.db${name}`), { force: true });
    await readOnly(workspace, async () => {
      const { anomalies, json } = await shown(workspace, callAsOther);
      assert.deepEqual([anomalies, json.message], [before.anomalies, before.json.message], side.join());
    });
  }
});

/** The folder or file that another user may not use. */
const CLOSED: Record<string, string[]> = {
  data: ['status', 'anomalies', 'once'],
  'data/watchkeeper.db': ['status', 'anomalies'],
  'data/watchkeeper.owner.json': ['status'],
};

for (const [name, commands] of Object.entries(CLOSED)) {
  test(`what belongs to another user (${name}) is told as that, with what to do`, { skip: SKIP }, async t => {
    const workspace = await withHistory(t);
    chmodSync(workspace.root, 0o755);
    if (name !== 'data') chmodSync(workspace.path('data'), 0o755);
    if (name.endsWith('owner.json')) workspace.write(name, '{}');
    for (const file of Object.keys(CLOSED).slice(1))
      if (existsSync(workspace.path(file))) chmodSync(workspace.path(file), 0o644);
    chmodSync(workspace.path('data/status.json'), 0o644);
    chmodSync(workspace.path(name), 0);
    const path = workspace.path(name);
    const whose = SUPERUSER
      ? `${path} belongs to user 0, and this is user 65534: run it as that user`
      : `give this user the right to use ${path}`;
    try {
      for (const each of commands) {
        const { code, stdout, stderr } = callAsOther(each, '--root', workspace.root);
        assert.deepEqual([code, stdout], [4, ''], each);
        assert.ok(stderr.includes(`(EACCES): ${whose}`), stderr);
      }
    } finally {
      chmodSync(path, 0o700);
    }
  });
}
