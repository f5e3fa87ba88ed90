import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { systemErrorCode } from '../../src/errors.ts';
import { processIdentity } from '../../src/process-identity.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const YAML = 'modules:\n  one: { command: "true", schedule: every 1s }\n';

const runsOf = (workspace: Workspace) =>
  JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8')).modules.one.runs;

function writtenUnlessFolder(path: string): boolean {
  try {
    writeFileSync(path, 'x');
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EISDIR') return false;
    throw error;
  }
}

test('a link in the place of the folder for reports is set aside, and nothing behind it is touched', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, 'precious/deep/file': 'mine' });
  mkdirSync(workspace.path('data'));
  symlinkSync('../precious', workspace.path('data/runs'));
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.code, 0);
  assert.match(ended.stderr, /data\/runs was no folder: set aside as /);
  assert.equal(readFileSync(workspace.path('precious/deep/file'), 'utf8'), 'mine');
});

test('a file in the place of the folder for requests does not end a running supervisor', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  await until('a file is there, though the supervisor may make the folder again in between', () => {
    rmSync(workspace.path('data/triggers'), { recursive: true, force: true });
    return writtenUnlessFolder(workspace.path('data/triggers'));
  });
  await iterations(supervisor, 3);
  assert.equal((await supervisor.stop()).code, 0);
});

test('a store that is removed in use ends the supervisor with 4, and the next start has the history', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 2);
  for (const side of ['', '-wal', '-shm'])
    rmSync(workspace.path(`data/watchkeeper.db${side}`), { force: true });
  const ended = await supervisor.ended;
  assert.equal(ended.code, 4);
  assert.match(ended.stderr, /replaced or removed while in use: .*start it again/);
  const before = runsOf(workspace).length;
  assert.equal((await command(t, workspace.root, ['once'])).code, 0);
  assert.equal(runsOf(workspace).length, before + 1);
});

test('a workspace that is reached over a link is the same workspace', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'modules:\n  one: { command: "sh -c \'echo $$ >> pids; sleep 600\'", schedule: every 1h }\n',
  });
  const link = `${workspace.root}-link`;
  symlinkSync(workspace.root, link);
  t.after(() => rmSync(link, { force: true }));
  const pids = () =>
    existsSync(workspace.path('pids'))
      ? readFileSync(workspace.path('pids'), 'utf8').split('\n').filter(Boolean)
      : [];
  const first = start(t, link);
  await until('the module runs', () => pids()[0]);
  const keeper = readFileSync(`/proc/${pids()[0]}/stat`, 'utf8').split(' ')[3];
  first.process.kill('SIGSTOP');
  process.kill(Number(keeper), 'SIGSTOP'); // so that it cannot end the module itself
  t.after(() => process.kill(Number(keeper), 'SIGKILL')); // stopped, it would stay for ever
  first.process.kill('SIGKILL');
  await first.ended;
  const second = start(t, workspace.root);
  await until('the module runs again', () => pids()[1]);
  assert.equal(processIdentity(Number(pids()[0])), null); // at most a zombie of its stopped keeper
  await second.stop();
});

test('what a module leaves running is ended, and that is told', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:\n  one: { command: "sh -c 'sleep 600 & exit 0'" }\n`,
  });
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.code, 0);
  assert.match(ended.stderr, /one left 1 process\(es\) running when it ended/);
});

test('the log is completed without a word where git has put an older one in its place', async t => {
  const report = (value: number): string => `{"metric":"rows","value":${value}}`;
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:\n  one: { command: "sh -c 'cat value >> $WATCHKEEPER_METRICS'" }\n`,
  });
  for (const value of [1, 1, 1, 1, 1, 2, 2]) {
    workspace.write('value', `${report(value)}\n`);
    await command(t, workspace.root, ['once']);
  }
  const whole = readFileSync(workspace.path('data/anomalies.log'), 'utf8');
  writeFileSync(workspace.path('old'), whole.slice(0, whole.indexOf('\n') + 1));
  renameSync(workspace.path('old'), workspace.path('data/anomalies.log'));
  const ended = await command(t, workspace.root, ['once']);
  assert.doesNotMatch(ended.stderr, /anomalies/);
  assert.ok(readFileSync(workspace.path('data/anomalies.log'), 'utf8').startsWith(whole));
});
