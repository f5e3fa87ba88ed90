import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { iterate } from '../helpers/iterate.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command } from '../helpers/supervisor.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';

failOnLeaks();

/** A module whose one metric is what the file `load` says: a run can be made as heavy as the story wants it, at no cost in time. */
const YAML = `modules:
  worker:
    command: sh -c 'printf "{\\"metric\\":\\"rows\\",\\"value\\":%s}\\n" "$(cat load)" >> "$WATCHKEEPER_METRICS"'
detection:
  modules:
    worker:
      judge: false
      metrics: { rows: { judge: true } }
`;

async function runWith(t: TestContext, workspace: Workspace, ...loads: number[]): Promise<string[]> {
  const ended = await iterate(t, workspace.root, loads, load => workspace.write('load', String(load)));
  return [...ended.stdout.matchAll(/iteration \d+: (.*?)(?: {2}commit|\n)/g)].map(
    ([, message]) => message ?? '',
  );
}

const eventsOf = (workspace: Workspace): Record<string, unknown>[] =>
  readFileSync(workspace.path('data/anomalies.log'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));

const subjects = (workspace: Workspace): string[] =>
  workspace.git('log', '--format=%s', '--reverse', '--author=Watchkeeper').trim().split('\n');

test('a module turns slow and recovers: anomaly, recovery, and the commit that says so', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, load: '100' });
  const before = await runWith(t, workspace, 100, 100, 100, 100, 100, 200);
  const afterRestart = await runWith(t, workspace, 200, 100);
  assert.deepEqual(
    [...before.slice(4), ...afterRestart],
    [
      'Performance OK',
      'Anomaly detected: 1 anomaly(ies)',
      'Anomaly detected: 1 anomaly(ies)',
      'Anomaly recovered: worker - rows',
    ],
  );
  const events = eventsOf(workspace).map(({ event, runsOpen, value, baseline }) => [
    event,
    runsOpen,
    value,
    baseline,
  ]);
  assert.deepEqual(events, [
    ['anomaly', 0, 200, 100],
    ['anomaly', 1, 200, 100],
    ['recovered', 2, 100, 100],
  ]);
  const iterations = [1, 2, 3, 4, 5].map(number => `Performance OK (iteration ${number})`);
  assert.deepEqual(subjects(workspace), [...iterations, 'Anomaly recovered: worker - rows']);
  const trailers = workspace.git('log', '-1', '--format=%(trailers)').trim().split('\n');
  assert.deepEqual(trailers, [
    'Watchkeeper-Iteration: 8',
    'Watchkeeper-Status: recovered',
    'Watchkeeper-Modules: worker',
  ]);
});

test('a module stays slow: the shift persists, and is the new normal', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, load: '1' });
  const messages = await runWith(t, workspace, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2);
  assert.equal(messages[8], 'Anomaly persisted: worker - rows');
  assert.deepEqual(messages.slice(9), ['Performance OK', 'Performance OK']);
  assert.deepEqual(
    eventsOf(workspace).map(({ event }) => event),
    ['anomaly', 'anomaly', 'anomaly', 'anomaly', 'persisted'],
  );
  assert.ok(subjects(workspace).includes('Anomaly persisted: worker - rows'));
});

test('the files that a real supervisor wrote are what their schemas say', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, load: '1' });
  await runWith(t, workspace, 1, 1, 1, 1, 1, 2);
  const schema = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../src/schemas/${name}.schema.json`, import.meta.url), 'utf8'));
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  formats.default(ajv);
  const check = (name: string, value: unknown): void => {
    const validate = ajv.compile(schema(name));
    assert.ok(validate(value), JSON.stringify(validate.errors));
  };
  check('performance', JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8')));
  check('status', JSON.parse(readFileSync(workspace.path('data/status.json'), 'utf8')));
  for (const event of eventsOf(workspace))
    ajv.validate(schema('anomalies'), event) || assert.fail(ajv.errorsText());
});

test('status and anomalies show what is open, to people and to programs', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, load: '1' });
  await runWith(t, workspace, 1, 1, 1, 1, 1, 2);
  const status = await command(t, workspace.root, ['status']);
  assert.match(status.stdout, /^Anomaly detected: 1 anomaly\(ies\) {2}iteration 6/);
  assert.match(status.stdout, /! worker: rows \+100\.0%, \d+% sure, for 1 run\(s\)/);
  const facts = JSON.parse((await command(t, workspace.root, ['status', '--json'])).stdout);
  assert.deepEqual([facts.anomalies.open, facts.iterations, facts.running], [1, 6, false]);
  const open = await command(t, workspace.root, ['anomalies', '--module', 'worker', '--since', '1h']);
  assert.match(open.stdout, /^open {2}worker {2}rows \+100\.0%, \d+% sure {2}2 against 1/);
  const [incident] = JSON.parse((await command(t, workspace.root, ['anomalies', '--json'])).stdout);
  assert.deepEqual([incident.metric, incident.status, incident.value], ['rows', 'open', 2]);
  const [opening] = eventsOf(workspace);
  assert.equal(typeof incident.confidence, 'number');
  assert.deepEqual([incident.confidence, incident.kind], [opening?.['confidence'], opening?.['kind']]);
  const none = await command(t, workspace.root, ['anomalies', '--module', 'nobody']);
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(none.stderr, /there is no module 'nobody'/);
  const wrong = await command(t, workspace.root, ['anomalies', '--since', 'yesterday']);
  assert.equal(wrong.code, 2);
});

test('a fresh clone goes on from the committed history: iterations, runs, and an incident that was open', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, load: '1' });
  await runWith(t, workspace, 1, 1, 1, 1, 1, 2, 1, 1, 2);
  workspace.git('add', '--all');
  workspace.git('commit', '--quiet', '--message=with the open incident');
  const clone = workspaceAt(`${temporaryFolder(t)}/clone`);
  workspace.git('clone', '--quiet', workspace.root, clone.root);
  const messages = await runWith(t, clone, 1);
  assert.deepEqual(messages, ['Anomaly recovered: worker - rows']);
  const { worker } = JSON.parse(readFileSync(clone.path('data/performance.json'), 'utf8')).modules;
  assert.deepEqual([worker.successCount, worker.runs.length, worker.runs.at(-1).iteration], [10, 10, 10]);
  const events = eventsOf(clone);
  assert.equal(events.at(-1)?.['incident'], events.at(-2)?.['incident']);
});

test('a store that was destroyed is set aside, and the history taken over', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, load: '1' });
  await runWith(t, workspace, 1, 1, 1);
  workspace.write('data/watchkeeper.db', 'this is no database, but it is long enough to look like something');
  for (const side of ['-wal', '-shm']) rmSync(workspace.path(`data/watchkeeper.db${side}`), { force: true });
  const ended = await command(t, workspace.root, ['once']);
  assert.equal(ended.code, 0);
  assert.match(ended.stderr, /damaged: set aside as .*watchkeeper\.db\.damaged-/);
  const { worker } = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8')).modules;
  assert.deepEqual([worker.successCount, worker.runs.length], [4, 4]);
});
