import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../helpers/free-port.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const CANARY = 'c4nary-of-a-secret';
const SERVER = fileURLToPath(new URL('../fixtures/services/server.mjs', import.meta.url));

/** Programs that cannot be started, in a folder whose name nobody may see. */
function secretFolder(parent: string): string {
  const folder = join(parent, CANARY);
  mkdirSync(folder);
  writeFileSync(join(folder, 'denied'), '#!/bin/sh\n', { mode: 0o600 });
  writeFileSync(join(folder, 'no-interpreter'), '#!/usr/bin/no-such-python\n', { mode: 0o700 });
  return folder;
}

/** Everything that can go wrong with a command whose environment holds secrets. */
const yaml = (folder: string, port: number): string => {
  const env = `env: { PATH: "${folder}:/opt/${CANARY}:/usr/bin:/bin", TOKEN: "${CANARY}" }`;
  return `git: { commitOn: [ok, recovered, persisted, anomaly, error] }
schedule: every 1h
modules:
  missing: { command: no-such-program, ${env} }
  denied: { command: denied, ${env} }
  interpreter: { command: no-interpreter, ${env} }
  folder: { command: "true", cwd: gone, ${env} }
  long: { command: "true", env: { LONG: "${CANARY.repeat(10_000)}" } }
  failing: { command: "false", retries: 1, retryDelay: 1ms, ${env} }
  killed: { command: "sh -c 'kill -9 $$'", ${env} }
  slow: { command: sleep 600, timeout: 50ms, ${env} }
  leaving: { command: "sh -c 'sleep 600 & exit 0'", ${env} }
  reporting: { command: "sh -c 'echo $TOKEN >> $WATCHKEEPER_METRICS'", ${env} }
  asking: { command: [node, -e, "fetch('http://127.0.0.1:${port}/' + process.env.TOKEN + '?t=' + process.env.TOKEN).catch(() => 0)"], ${env} }
services:
  missing-feed: { command: no-such-program, ${env} }
  feed:
    command: [node, ${JSON.stringify(SERVER)}, ${port}, .]
    health: { http: "http://user:${CANARY}@127.0.0.1:${port}/${CANARY}?token=${CANARY}", every: 100ms, timeout: 10s, failures: 1 }
    restartDelay: 100ms
    ${env}
`;
};

/** All text that a folder holds. */
const textsIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

const assertNoSecret = (workspace: Workspace, said: string): void => {
  const commits = workspace.git('log', '--author=Watchkeeper', '--patch');
  assert.match(commits, /Watchkeeper-Status/);
  const places = {
    said,
    commits,
    data: textsIn(workspace.path('data')),
    logs: textsIn(workspace.path('logs')),
  };
  for (const [place, text] of Object.entries(places)) {
    const at = text.indexOf(CANARY);
    assert.equal(at, -1, `${place}: ${text.slice(Math.max(0, at - 300), at + 100)}`);
  }
};

test('no value of `env`, and nothing secret in a health check, reaches a message, a file, a log or a commit', async t => {
  const port = await freePort();
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': yaml(secretFolder(temporaryFolder(t)), port),
  });
  const once = await command(t, workspace.root, ['once']);
  assert.equal(once.code, 1);
  assert.match(once.stdout, /no-such-program is in no folder of PATH/);
  assert.match(once.stdout, /denied, found in a folder of PATH, may not be executed/);
  assert.match(once.stdout, /the working folder \S+\/gone does not exist/);
  assert.match(once.stdout, /the environment of true are longer than the system allows/);
  let said = once.stdout + once.stderr;
  for (const args of [
    ['status'],
    ['status', '--json'],
    ['anomalies'],
    ['validate'],
    ['once', '--json', 'missing'],
  ]) {
    const { stdout, stderr } = await command(t, workspace.root, args);
    said += stdout + stderr;
  }
  assertNoSecret(workspace, said);
});

test('nor does it while it runs, when a service turns unhealthy or an edit is bad', async t => {
  const port = await freePort();
  const text = yaml(secretFolder(temporaryFolder(t)), port);
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': text });
  const supervisor = start(t, workspace.root);
  const isSaid = (pattern: RegExp) => () => pattern.test(supervisor.stderr());
  await until('it watches', isSaid(/watching/));
  workspace.write('failing', '');
  await until('the service is unhealthy', isSaid(/feed is unhealthy: .*503/));
  workspace.write('watchkeeper.yaml', text.replace('timeout: 50ms', 'timeout: [50ms]'));
  await until('the edit is refused', isSaid(/not taken over/));
  const { stdout, stderr } = await supervisor.stop();
  assertNoSecret(workspace, stdout + stderr);
});
