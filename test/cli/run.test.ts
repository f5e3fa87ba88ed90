import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const performanceOf = (workspace: Workspace) =>
  JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8')).modules;

test('run with a limit ends after so many iterations and exits 0', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': 'schedule: every 1s\nmodules:\n  tick: { command: "true" }\n',
  });
  const ended = await command(t, workspace.root, ['run', '--iterations', '2']);
  assert.equal(ended.code, 0);
  const { tick } = performanceOf(workspace);
  assert.deepEqual(
    tick.runs.map((run: { iteration: number }) => run.iteration),
    [1, 2],
  );
});

test('run is the default command, and every module runs once at the start whatever its schedule', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': 'modules:\n  yearly: { command: "true", schedule: "0 0 1 1 *" }\n',
  });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  const ended = await supervisor.stop();
  assert.equal(ended.code, 0);
  assert.equal(performanceOf(workspace).yearly.runs[0].trigger, 'schedule');
});

test('runAtStart: false waits for the schedule', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `runAtStart: false
modules:
  yearly: { command: "true", schedule: "0 0 1 1 *" }
  often: { command: "true", schedule: "* * * * * *" }
`,
  });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 2);
  await supervisor.stop();
  assert.deepEqual(Object.keys(performanceOf(workspace)), ['often']);
});

test('SIGTERM ends the children, records them as killed, writes everything, and exits 0', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'modules:\n  long: { command: "sh -c \'echo $$ > pid; sleep 600\'", schedule: every 1h }\n',
  });
  const supervisor = start(t, workspace.root);
  await until(
    'the module runs',
    () => existsSync(workspace.path('pid')) && readFileSync(workspace.path('pid'), 'utf8'),
  );
  const ended = await supervisor.stop();
  assert.equal(ended.code, 0);
  const pid = Number(readFileSync(workspace.path('pid'), 'utf8'));
  assert.equal(existsSync(`/proc/${pid}`), false);
  const [run] = performanceOf(workspace).long.runs;
  assert.deepEqual([run.outcome, run.signal], ['killed', 'SIGTERM']);
});

test('a second SIGTERM ends it at once', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'modules:\n  stubborn: { command: "sh -c \'trap : TERM; echo $$ > pid; while :; do sleep 0.1; done\'", killGrace: 10m, schedule: every 1h }\n',
  });
  const supervisor = start(t, workspace.root);
  await until(
    'the module runs',
    () => existsSync(workspace.path('pid')) && readFileSync(workspace.path('pid'), 'utf8'),
  );
  supervisor.process.kill('SIGTERM');
  await until('it says that it ends', () => supervisor.stderr().includes('SIGTERM'));
  const ended = await supervisor.stop();
  assert.notEqual(ended.code, 0);
  const pid = Number(readFileSync(workspace.path('pid'), 'utf8'));
  await until('the child is gone with it', () => !existsSync(`/proc/${pid}`));
});

test('a second supervisor says which process holds the workspace and exits 3', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': 'modules:\n  one: { command: "true" }\n' });
  const first = start(t, workspace.root);
  await iterations(first, 1);
  const second = await command(t, workspace.root, ['once']);
  assert.equal(second.code, 3);
  assert.match(second.stderr, new RegExp(`\\b${first.process.pid}\\b`));
  await first.stop();
});

test('after kill -9 the next start succeeds at once, and what was running is ended and recorded as killed', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'modules:\n  long: { command: "sh -c \'echo $$ >> pids; sleep 600\'", schedule: every 1h }\n',
  });
  const pids = () =>
    existsSync(workspace.path('pids'))
      ? readFileSync(workspace.path('pids'), 'utf8').split('\n').filter(Boolean)
      : [];
  const first = start(t, workspace.root);
  await until('the module runs', () => pids()[0]);
  first.process.kill('SIGKILL');
  await first.ended;
  const second = start(t, workspace.root);
  await until('the module runs again', () => pids()[1]);
  assert.equal(existsSync(`/proc/${pids()[0]}`), false);
  await second.stop();
  const outcomes = performanceOf(workspace).long.runs.map((run: { outcome: string }) => run.outcome);
  assert.deepEqual(outcomes, ['killed', 'killed']);
});

test('a module that is due while it still runs is not started twice, and the miss is told', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:
  slow: { command: "sh -c 'echo x >> starts; while ! test -e done; do sleep 0.05; done'", schedule: every 1s }
  quick: { command: "true", schedule: every 1s }
`,
  });
  const supervisor = start(t, workspace.root);
  await until('a miss is told', () => /slow was due while it was still running/.test(supervisor.stderr()));
  assert.equal(readFileSync(workspace.path('starts'), 'utf8'), 'x\n');
  writeFileSync(workspace.path('done'), '');
  await supervisor.stop();
});

test('a good edit of the configuration takes effect, a bad one is reported and changes nothing', async t => {
  const yaml = (text: string) =>
    `modules:\n  one: { command: "sh -c 'echo ${text} >> said'", schedule: every 1s }\n`;
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml('old') });
  const said = () => (existsSync(workspace.path('said')) ? readFileSync(workspace.path('said'), 'utf8') : '');
  const supervisor = start(t, workspace.root);
  await until('it runs', () => said().includes('old'));
  workspace.write('watchkeeper.yaml', `${yaml('bad')}  two: { comand: "true" }\n`);
  await until('the mistake is reported', () => supervisor.stderr().includes('modules.two'));
  const lines = said().split('\n').length;
  await until('it goes on as before', () => said().split('\n').length > lines + 1);
  assert.equal(said().includes('bad'), false);
  workspace.write('watchkeeper.yaml', yaml('new'));
  await until('the new command runs', () => said().includes('new'));
  await supervisor.stop();
});

test('what an edit makes worth a warning is told as that, one by one, and the edit takes effect', async t => {
  const yaml = 'modules:\n  one: { command: "true", schedule: none }\n';
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  const odd = (name: string): string => `  ${name}: { command: "true | cat", schedule: none }\n`;
  workspace.write('watchkeeper.yaml', `${yaml}${odd('two')}${odd('three')}`);
  await until('it is in effect', () => supervisor.stderr().includes('is in effect'));
  const { stderr } = await supervisor.stop();
  const told = stderr.split('\n').filter(line => line.includes('holds |'));
  assert.match(told[0] ?? '', /^\S+ {2}warning: watchkeeper\.yaml:3 modules\.two\.command: holds \|,/);
  assert.match(told[1] ?? '', /^\S+ {2}warning: watchkeeper\.yaml:4 modules\.three\.command: holds \|,/);
  assert.equal(told.length, 2);
});

test('a change of a watched file starts an iteration with the module that watches it', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml':
      'runAtStart: false\nmodules:\n  watcher: { command: "true", watch: ["inbox/*.json"] }\n',
    'inbox/a.json': '1',
  });
  const supervisor = start(t, workspace.root);
  await until(
    'it is ready',
    () => supervisor.stderr().includes('watching') || supervisor.stdout().includes('watching'),
  );
  workspace.write('inbox/b.json', '2');
  await iterations(supervisor, 1);
  await supervisor.stop();
  assert.equal(performanceOf(workspace).watcher.runs[0].trigger, 'change');
});

test('trigger starts an iteration in the running supervisor; with --wait it exits as once does', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `runAtStart: false
modules:
  good: { command: "true" }
  bad: { command: "false" }
`,
  });
  const supervisor = start(t, workspace.root);
  await until(
    'it is ready',
    () => supervisor.stderr().includes('watching') || supervisor.stdout().includes('watching'),
  );
  const good = await command(t, workspace.root, ['trigger', 'good', '--wait']);
  assert.deepEqual([good.code, good.stdout], [0, 'iteration 1: Performance OK\n']);
  const bad = await command(t, workspace.root, ['trigger', 'bad', '--wait']);
  assert.deepEqual([bad.code, bad.stdout], [1, 'iteration 2: Module failed: bad (error)\n']);
  const quick = await command(t, workspace.root, ['trigger', 'good']);
  assert.deepEqual([quick.code, quick.stdout], [0, 'iteration 3 has started\n']);
  const unknown = await command(t, workspace.root, ['trigger', 'nobody']);
  assert.equal(unknown.code, 2);
  await supervisor.stop();
  const none = await command(t, workspace.root, ['trigger', 'good']);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /no supervisor is running .*watchkeeper run/);
});
