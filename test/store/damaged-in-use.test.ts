import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../src/glossary/run.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { assertValid } from './schemas.ts';

failOnLeaks();

const YAML = `git: { enabled: false }
detection: { window: 100, baseline: fixed }
modules:
  one: { command: "true", schedule: every 1s }
`;

function runsOf(workspace: Workspace): Run[] {
  const file = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  assertValid('performance', file);
  return file.modules.one.runs;
}

function change(workspace: Workspace, sql: string): void {
  const database = new DatabaseSync(workspace.path('data/watchkeeper.db'), { timeout: 10_000 });
  database.exec(sql);
  database.close();
}

/** Noise over all of the store but its first page. */
function destroy(workspace: Workspace): void {
  change(workspace, 'PRAGMA wal_checkpoint(TRUNCATE)');
  const path = workspace.path('data/watchkeeper.db');
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(statSync(path).size - 4096, 0x5a), 0, undefined, 4096);
  closeSync(fd);
}

const follows = (numbers: number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));

test('a store that is destroyed while a supervisor uses it is set aside, and the loop goes on with its history', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 2);
  const before = runsOf(workspace);
  destroy(workspace);
  await until('it is replaced', () =>
    /the store was damaged while in use: set aside as/.test(supervisor.stderr()),
  );
  await iterations(supervisor, 5);
  const { code, stderr } = await supervisor.stop();
  assert.equal(code, 0, stderr);
  const [, aside = ''] = /set aside as (\S+)/.exec(stderr) ?? [];
  assert.ok(
    readdirSync(workspace.path('data')).some(name => aside.endsWith(`/${name}`)),
    aside,
  );
  const after = runsOf(workspace);
  assert.deepEqual(after.slice(0, before.length), before, 'what was shown is still there');
  assert.ok(after.length > before.length);
  assert.ok(follows(after.map(({ iteration }) => iteration)), 'no number is given twice');
  assert.equal((await command(t, workspace.root, ['once'])).stderr, '', 'the next start finds nothing amiss');
});

test('damaged rows neither stop a running supervisor nor the next one, and are told once', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 2);
  // Once is not enough: a run that is just being judged writes a whole state over it.
  await until('it is mended', async () => {
    change(workspace, "UPDATE modules SET state = 'x'");
    await sleep(500);
    return /damaged record\(s\) of the store mended/.test(supervisor.stderr());
  });
  const { code, stderr } = await supervisor.stop();
  assert.equal(code, 0, stderr);
  assert.match(stderr, /1 damaged record.*baselines learned again from its runs.*what they held is in /);
  const before = runsOf(workspace);
  change(
    workspace,
    "UPDATE runs SET record = '{'; UPDATE facts SET value = '{'; UPDATE owner SET record = '{'",
  );
  const next = await command(t, workspace.root, ['once']);
  assert.equal(next.code, 0, next.stderr);
  assert.match(next.stderr, new RegExp(`${before.length} x run taken from performance.json`));
  assert.deepEqual(runsOf(workspace).slice(0, -1), before);
  assert.equal((await command(t, workspace.root, ['once'])).stderr, '');
});
