import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { ulid } from 'ulid';
import { openMailbox } from '../../src/mailbox.ts';
import type { TriggerAnswer } from '../../src/trigger/requests.ts';
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

async function running(
  t: TestContext,
  yaml = YAML,
  ...options: string[]
): Promise<{ workspace: Workspace; supervisor: Command }> {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml });
  const supervisor = start(t, workspace.root, ['run', '--json', ...options]);
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
    missed: [],
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

/** Sends a request and looks only now and then what is answered. */
async function answered(
  workspace: Workspace,
  wait: boolean,
  state: TriggerAnswer['state'],
): Promise<{ id: string; answer: TriggerAnswer }> {
  const mailbox = openMailbox(workspace.root);
  const id = ulid();
  mailbox.send({ id, modules: ['quick'], wait });
  const answer = await until(`it is ${state}`, () => {
    const found = mailbox.answer(id);
    return found?.state === state ? found : null;
  });
  return { id, answer };
}

test('who does not wait is told that it has started, however soon it has ended', async t => {
  const { workspace, supervisor } = await running(t);
  const { id, answer } = await answered(workspace, false, 'accepted');
  assert.deepEqual(answer, { state: 'accepted', iteration: 1, missed: [] });
  await until('it has ended', () => supervisor.stdout().includes('"type":"iteration"'));
  // One that came later has its last answer: had the first one another, it would have come before.
  const later = await answered(workspace, true, 'ended');
  const ended = { state: 'ended', failed: false, message: 'Performance OK', iteration: 2, missed: [] };
  assert.deepEqual(later.answer, ended);
  assert.deepEqual(openMailbox(workspace.root).answer(id), answer);
  const { code, stdout } = await command(t, workspace.root, ['trigger', 'bad']);
  assert.deepEqual([code, stdout], [0, 'iteration 3 has started\n']);
  const left = readdirSync(workspace.path('data/triggers')).filter(name => name.endsWith('.json'));
  assert.deepEqual(left.toSorted(), [`${id}.answer.json`, `${later.id}.answer.json`].toSorted());
  await supervisor.stop();
});

test('a module of several that runs already is named at the end too, and is not done', async t => {
  const { workspace, supervisor } = await running(t);
  const waiting = start(t, workspace.root, ['trigger', 'slow', '--wait']);
  await until('it runs', () => existsSync(workspace.path('begun')));
  const both = await command(t, workspace.root, ['trigger', 'slow', 'quick', '--wait']);
  const said = 'iteration 2: Performance OK; still running, not started twice: slow\n';
  assert.deepEqual([both.code, both.stdout], [1, said]);
  writeFileSync(workspace.path('done'), '');
  assert.equal((await waiting.ended).code, 0);
  await supervisor.stop();
});

test('a supervisor that starts no more iterations says so', async t => {
  const { workspace, supervisor } = await running(t, YAML, '--iterations', '1');
  const waiting = start(t, workspace.root, ['trigger', 'slow', '--wait']);
  await until('it runs', () => existsSync(workspace.path('begun')));
  const { code, stdout, stderr } = await command(t, workspace.root, ['trigger', 'quick']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /about to end and starts no more iterations/);
  writeFileSync(workspace.path('done'), '');
  assert.deepEqual([(await waiting.ended).code, (await supervisor.ended).code], [0, 0]);
});

test('who waits for a supervisor that is killed is told so', async t => {
  const { workspace, supervisor } = await running(t);
  const waiting = start(t, workspace.root, ['trigger', 'slow', '--wait']);
  await until('it runs', () => existsSync(workspace.path('begun')));
  supervisor.process.kill('SIGKILL');
  const { code, stderr } = await waiting.ended;
  assert.deepEqual([code, stderr], [1, 'the supervisor was ended before iteration 1 was over\n']);
  await supervisor.ended;
});

for (const name of ['trigger', 'once']) {
  test(`${name} of a module in a workspace that has none says that`, async t => {
    const workspace = temporaryWorkspace(t, {
      'watchkeeper.yaml': 'services: { feed: { command: sleep 600 } }\n',
    });
    const { code, stdout, stderr } = await command(t, workspace.root, [name, 'nobody']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /there is no module 'nobody': the workspace has no modules$/m);
  });
}
