import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Finding } from '../../src/recommend/finding.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { noisy, runsOf } from '../recommend/histories.ts';
import { anOwner, reopen } from '../store/fixtures.ts';
import { call } from './called.ts';

failOnLeaks();

const YAML = `# the pipeline
git: { enabled: false } # not here

modules:
  a:
    command: "true" # it does nothing
    timeout: 1m # a minute
    retries: 1
    env: { TOKEN: hunter2 }
  b: { command: "true", env: { TOKEN: hunter2 } } # in one line
`;

/** A workspace in which `a` has come near to its timeout 60 times, and `b` has none. */
function workspace(t: TestContext, yaml = YAML): Workspace {
  const made = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml });
  const store = reopen(made.path('data'));
  store.claim(anOwner());
  const seconds = noisy(1, 60, 50, 8);
  const runs = runsOf(60, index => ({ runtimeSeconds: seconds[index] ?? null }));
  for (const run of runs) store.recordRun(run, null);
  for (const run of runs) store.recordRun({ ...run, module: 'b', id: `b-${run.id}` }, null);
  store.close();
  return made;
}

const recommend = (root: string, ...args: string[]) => call('recommend', '--root', root, ...args);

test('findings are listed with their evidence and the setting, the most important first', async t => {
  const { root } = workspace(t);
  const { code, stdout, stderr } = await recommend(root);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^warning {2}a\.timeout-near\n {2}the timeout of a \(60 s\) is too near .*\n {2}set it to 3m, .*\n {2}seen in 60 runs, 2026-11-01T00:00:00\.000Z to .*\n {2}modules\.a\.timeout: 1m -> 3m\n\ninfo {2}b\.timeout-missing\n/,
  );
  assert.match(stdout, /modules\.b\.timeout: not set -> 6m/);
  assert.match(
    stdout,
    /`watchkeeper recommend --apply \[ID\.\.\.\]` makes all 2 changes, or those that are named\n$/,
  );
  const { stdout: ofB } = await recommend(root, '--module', 'b');
  assert.match(ofB, /`watchkeeper recommend --module b --apply \[ID\.\.\.\]` makes this change\n$/);
  const onlyB = JSON.parse((await recommend(root, '--module', 'b', '--json')).stdout);
  assert.deepEqual(
    onlyB.findings.map(({ id }: Finding) => id),
    ['b.timeout-missing'],
  );
  assert.equal(onlyB.applied, null);
});

test('--apply changes the file as a careful user would, and tells what without a word of what stands beside it', async t => {
  const { root, path } = workspace(t);
  const { code, stdout } = await recommend(root, '--apply');
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `watchkeeper.yaml:7  modules.a.timeout
- 1m
+ 3m
watchkeeper.yaml:10  modules.b.timeout
+ 6m

2 setting(s) changed; in effect at the next start
`,
  );
  const expected = YAML.replace('timeout: 1m', 'timeout: 3m').replace(
    'env: { TOKEN: hunter2 } } #',
    'env: { TOKEN: hunter2 }, timeout: 6m } #',
  );
  assert.equal(readFileSync(path('watchkeeper.yaml'), 'utf8'), expected);
  assert.doesNotMatch(stdout, /hunter2/);
  assert.match((await recommend(root)).stdout, /^nothing to recommend/);
  assert.equal((await recommend(root, '--apply')).stdout, 'nothing to change\n');
});

test('--apply takes ids; one that is not known, or is about no setting, changes nothing', async t => {
  const { root, path } = workspace(t);
  const text = (): string => readFileSync(path('watchkeeper.yaml'), 'utf8');
  const unknown = await recommend(root, '--apply', 'a.timeout-near', 'a.timeout-nearer');
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.stderr,
    /no finding 'a\.timeout-nearer' now: those that can be applied are a\.timeout-near, b\./,
  );
  assert.equal(text(), YAML);
  const one = await recommend(root, '--json', '--apply', 'b.timeout-missing');
  assert.deepEqual(JSON.parse(one.stdout).applied, [
    { path: ['modules', 'b', 'timeout'], to: '6m', line: 10, from: null },
  ]);
  assert.match(text(), /timeout: 1m # a minute/);
});

test('advice that is about no setting cannot be applied, and says what to do', async t => {
  const { root, path } = workspace(t);
  const store = reopen(path('data'));
  store.claim(anOwner());
  const failed = runsOf(12, index => ({
    outcome: 'error' as const,
    id: `failed-${index}`,
    iteration: 1_000 + index,
  }));
  for (const run of failed) store.recordRun(run, null);
  store.close();
  const { code, stderr } = await recommend(root, '--apply', 'a.always-fails');
  assert.equal(code, 2);
  assert.match(stderr, /a\.always-fails is not about a setting: see logs\/a\.log/);
});

test('a setting that cannot be changed alone is left to the user, and the others with it', async t => {
  const shared = YAML.replace('timeout: 1m', 'timeout: &long 1m').replace(
    '"true", env',
    '"true", killGrace: *long, env',
  );
  const { root, path } = workspace(t, shared);
  const { code, stderr } = await recommend(root, '--apply');
  assert.equal(code, 2);
  assert.match(stderr, /modules\.a\.timeout cannot be changed alone in watchkeeper\.yaml/);
  assert.equal(readFileSync(path('watchkeeper.yaml'), 'utf8'), shared);
});

test('what has no history or no valid configuration is answered as everywhere', async t => {
  const empty = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  const none = await recommend(empty.root);
  assert.deepEqual([none.code, none.stdout], [4, '']);
  assert.match(none.stderr, /holds no history/);
  const { root, write } = workspace(t);
  assert.match((await recommend(root, '--module', 'aa')).stderr, /there is no module 'aa'/);
  write('watchkeeper.yaml', 'modules: {');
  assert.equal((await recommend(root)).code, 2);
});

test('a running supervisor takes over what was applied', async t => {
  const { root, path } = workspace(t);
  const supervisor = start(t, root);
  await iterations(supervisor, 1);
  await until('it watches', () => supervisor.stderr().includes('watching '));
  const applied = await command(t, root, ['recommend', '--apply', 'a.timeout-near']);
  assert.equal(applied.code, 0, applied.stderr);
  assert.match(
    applied.stdout,
    new RegExp(`the running supervisor \\(process ${supervisor.process.pid}\\) takes it over at once`),
  );
  await until('it is in effect', () =>
    supervisor.stderr().includes('watchkeeper.yaml has changed and is in effect'),
  );
  assert.match(readFileSync(path('watchkeeper.yaml'), 'utf8'), /timeout: 3m # a minute/);
  await supervisor.stop();
});
