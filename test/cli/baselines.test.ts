import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failOnLeaks } from '../helpers/leaks.ts';
import { DAY_MS, HOUR_MS, noisy, record, runtimes } from '../questions/histories.ts';
import { show } from '../store/fixtures.ts';
import { type AskedWorkspace, answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

async function withSome(workspace: AskedWorkspace): Promise<AskedWorkspace> {
  record(workspace.store, 'collector', [{}]);
  record(workspace.store, 'other', [{}]);
  await answered(workspace.ask('set-baseline', 'collector', '--runtime', '1', '--memory', '60'));
  await answered(workspace.ask('set-baseline', 'other', '--runtime', '2'));
  return workspace;
}

const names = ({ store }: AskedWorkspace): string[] =>
  store.baselines().map(({ module, metric }) => `${module}.${metric}`);

test('without any it says how to set one', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}]);
  assert.match(
    await answered(ask('baselines')),
    /^no baseline was set: `watchkeeper set-baseline MODULE` makes one/,
  );
  assert.deepEqual(documentOf(await ask('baselines', '--json')), []);
});

test('those of a metric, of a module, or of several are removed', async t => {
  const workspace = await withSome(workspaceToAsk(t));
  assert.equal(
    await answered(workspace.ask('baselines', 'rm', 'collector.memoryMb')),
    '1 baseline(s) removed\n',
  );
  assert.deepEqual(names(workspace), ['collector.runtimeSeconds', 'other.runtimeSeconds']);
  assert.deepEqual(
    documentOf(await workspace.ask('baselines', 'rm', 'collector', 'other.runtimeSeconds', '--json')),
    { removed: 2 },
  );
  assert.deepEqual(names(workspace), []);
});

test('where one of them is not there, none is removed', async t => {
  const workspace = await withSome(workspaceToAsk(t));
  const before = names(workspace);
  await refused(
    workspace.ask('baselines', 'rm', 'collector', 'other.memoryMb', '\u001b[31mx'),
    /no baseline of other\.memoryMb, \\x1b\[31mx was set, so none is removed/,
  );
  await refused(workspace.ask('baselines', 'rm'), /write `baselines`, or `baselines rm MODULE`/);
  await refused(workspace.ask('baselines', 'remove', 'collector'), /write `baselines`/);
  assert.deepEqual(names(workspace), before);
});

test('a baseline that may mislead says so', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 5, 1)), { everyMs: HOUR_MS });
  await answered(ask('set-baseline', 'collector', '--metric', 'runtimeSeconds'));
  assert.match(
    await answered(ask('baselines')),
    /\n\ncollector\.runtimeSeconds: made of 5 runs only: 20 or more make a steadier baseline\n$/,
  );
});

test('a rhythm of the day is named', async t => {
  const { store, ask } = workspaceToAsk(t);
  const daily = noisy(1, 24 * 6, 1, 0.02).map((value, hour) => value * (hour % 24 < 8 ? 2 : 1));
  record(store, 'collector', runtimes(daily), { everyMs: HOUR_MS, endMs: Date.UTC(2026, 10, 20) });
  await answered(ask('set-baseline', 'collector', '--from', '2026-11-01', '--metric', 'runtimeSeconds'));
  assert.match(await answered(ask('baselines')), / by hour +144 run\(s\) from /);
});

test('a fresh clone has no store to keep one in, and says what makes it', async t => {
  const { store, data, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}], { endMs: Date.now() - DAY_MS });
  show(store, data);
  store.close();
  for (const side of ['', '-wal', '-shm']) rmSync(join(data, `watchkeeper.db${side}`), { force: true });
  assert.match(await answered(ask('baselines')), /^no baseline was set/);
  await refused(
    ask('set-baseline', 'collector'),
    /watchkeeper\.db is not there: start the supervisor or `watchkeeper once` first/,
    4,
  );
});

/** Permissions are no obstacle for the superuser: then it is user `nobody` who asks. */
const OTHER = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));
const SKIP =
  spawnSync('test', ['-r', SUPERVISOR], OTHER).status === 0
    ? false
    : 'another user cannot read this checkout';

test('who may only read gets every answer, and is told what cannot be written', { skip: SKIP }, t => {
  const { store, root, data } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 30, 1)), { endMs: Date.now() });
  store.close();
  chmodSync(join(data, 'watchkeeper.db'), 0o444);
  for (const path of [root, data]) chmodSync(path, 0o555);
  try {
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1' };
    const ask = (...argv: string[]) =>
      spawnSync(process.execPath, [SUPERVISOR, ...argv, '--root', root], {
        ...OTHER,
        env,
        cwd: '/',
        encoding: 'utf8',
      });
    const answered = ask('bottlenecks');
    assert.deepEqual([answered.status, answered.stderr], [0, '']);
    assert.match(answered.stdout, /\ncollector +30 /);
    const refusal = ask('set-baseline', 'collector');
    assert.deepEqual([refusal.status, refusal.stdout], [4, '']);
    assert.match(refusal.stderr, /watchkeeper\.db.*check the permissions/);
  } finally {
    for (const path of [root, data]) chmodSync(path, 0o755); // it is removed after the test
  }
});
