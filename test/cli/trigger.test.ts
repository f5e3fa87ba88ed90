import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { type Command, command, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const YAML = `runAtStart: false
git: { enabled: false }
modules:
  slow: { command: "sh -c 'touch begun; while ! test -e done; do sleep 0.05; done'" }
  quick: { command: "true" }
  bad: { command: "false" }
  tail: { command: "true", after: [quick] }
  late: { command: "true", after: [bad] }
`;

async function running(t: TestContext): Promise<{ workspace: Workspace; supervisor: Command }> {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  const supervisor = start(t, workspace.root, ['run', '--json']);
  await until('it is ready', () => supervisor.stderr().includes('watching'));
  return { workspace, supervisor };
}

const facts = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));

test('a module that runs already is not started twice, and trigger says so', async t => {
  const { workspace, supervisor } = await running(t);
  const waiting = start(t, workspace.root, ['trigger', 'slow', '--wait']);
  await until('it runs', () => existsSync(workspace.path('begun')));
  const again = await command(t, workspace.root, ['trigger', 'slow']);
  assert.deepEqual([again.code, again.stdout], [1, 'still running, not started twice: slow\n']);
  const told = await command(t, workspace.root, ['trigger', 'slow', '--wait', '--json']);
  assert.deepEqual(
    [told.code, JSON.parse(told.stdout)],
    [1, { state: 'accepted', iteration: null, missed: ['slow'] }],
  );
  assert.equal(waiting.stdout(), '');
  writeFileSync(workspace.path('done'), '');
  const ended = await waiting.ended;
  assert.deepEqual([ended.code, ended.stdout], [0, 'iteration 1: Performance OK\n']);
  await supervisor.stop();
  const runs = facts(supervisor.stdout()).filter(({ type }) => type === 'run');
  assert.equal(runs.length, 1);
});

test('several modules are one iteration, with what comes after them, and all failures count', async t => {
  const { workspace, supervisor } = await running(t);
  const ended = await command(t, workspace.root, ['trigger', 'bad', 'quick', 'bad', '--wait', '--json']);
  assert.equal(ended.code, 1);
  assert.deepEqual(JSON.parse(ended.stdout), {
    state: 'ended',
    failed: true,
    message: 'Module failed: bad (error)',
    iteration: 1,
  });
  await supervisor.stop();
  const runs = facts(supervisor.stdout()).flatMap(({ type, run }) =>
    type === 'run' ? [run as { module: string; trigger: string; outcome: string }] : [],
  );
  assert.deepEqual(
    runs
      .map(({ module, trigger, outcome }) => [module, trigger, outcome])
      .toSorted((a, b) => String(a).localeCompare(String(b))),
    [
      ['bad', 'manual', 'error'],
      ['late', 'after', 'skipped'],
      ['quick', 'manual', 'ok'],
      ['tail', 'after', 'ok'],
    ],
  );
});

test('a request that is none is removed and told, and the supervisor goes on', async t => {
  const { workspace, supervisor } = await running(t);
  const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  writeFileSync(workspace.path('data/triggers', `${id}.request.json`), '{"modules": 5}');
  await until('it is told', () => supervisor.stderr().includes(`${id}.request.json is no request`));
  assert.equal((await command(t, workspace.root, ['trigger', 'quick', '--wait'])).code, 0);
  const requests = readdirSync(workspace.path('data/triggers')).filter(name => name.includes('.request.'));
  assert.deepEqual(requests, []);
  await supervisor.stop();
});

test('only modules can be triggered: another name is a usage error and starts nothing', async t => {
  const { workspace, supervisor } = await running(t);
  const { code, stdout, stderr } = await command(t, workspace.root, ['trigger', 'quick', 'nobody']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /there is no module 'nobody': the modules are slow, quick, bad, tail, late/);
  await supervisor.stop();
  assert.equal(supervisor.stdout(), '');
});
