import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { iterate } from '../helpers/iterate.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';

failOnLeaks();

const FILES = ['data/anomalies.log', 'data/performance.json', 'data/status.json'];

/** One module whose one metric is what the file `load` says, and which fails where a second word says so; judged from the third run on. */
const yaml = (git: string, schedule = '', recoveryRuns = 3) => `git: { ${git} }
modules:
  worker: { command: sh step.sh${schedule} }
detection:
  window: 2
  recoveryRuns: ${recoveryRuns}
  modules:
    worker: { judge: false, metrics: { rows: { judge: true } } }
`;

const STEP = `read -r rows code < load
printf '{"metric":"rows","value":%s}\\n' "$rows" >> "$WATCHKEEPER_METRICS"
exit "\${code:-0}"
`;

function aWorkspace(t: TestContext, text: string): Workspace {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': text, 'step.sh': STEP });
  workspace.write('load', '1\n');
  return workspace;
}

async function runWith(
  t: TestContext,
  workspace: Workspace,
  loads: string[],
  env: Record<string, string> = {},
): Promise<void> {
  await iterate(t, workspace.root, loads, load => workspace.write('load', `${load}\n`), env);
}

const log = (workspace: Workspace, format: string, ...more: string[]): string[] =>
  workspace
    .git('log', '--reverse', '--author=Watchkeeper', `--format=${format}`, ...more)
    .trim()
    .split('\n');

function trailersOf(workspace: Workspace, commit: string): string[] {
  const trailers = '--format=%(trailers:only,unfold)';
  return workspace.git('show', '--no-patch', trailers, commit).trim().split('\n');
}

test('with commitOn each kind of iteration is a commit: subject, figures, trailers, author, exactly three files', async t => {
  const workspace = aWorkspace(t, yaml('commitOn: [ok, recovered, persisted, anomaly, error]'));
  await runWith(t, workspace, ['1', '1', '2', '2 3', '1', '1 3', '4', '4', '4', '4']);
  const expected = [
    ['Performance OK (iteration 1)', 'ok'],
    ['Performance OK (iteration 2)', 'ok'],
    ['Anomaly detected: 1 anomaly(ies)', 'anomaly'],
    ['Module failed: worker (error)', 'error'],
    ['Anomaly recovered: worker - rows', 'recovered'],
    ['Module failed: worker (error)', 'error'],
    ['Anomaly detected: 1 anomaly(ies)', 'anomaly'],
    ['Anomaly detected: 1 anomaly(ies)', 'anomaly'],
    ['Anomaly detected: 1 anomaly(ies)', 'anomaly'],
    ['Anomaly persisted: worker - rows', 'persisted'],
  ];
  assert.deepEqual(
    log(workspace, '%s'),
    expected.map(([subject]) => subject),
  );
  const commits = log(workspace, '%H');
  for (const [index, commit] of commits.entries()) {
    assert.deepEqual(trailersOf(workspace, commit), [
      `Watchkeeper-Iteration: ${index + 1}`,
      `Watchkeeper-Status: ${expected[index]?.[1]}`,
      'Watchkeeper-Modules: worker',
    ]);
    const files = workspace.git('show', '--format=', '--name-only', commit).trim().split('\n');
    assert.ok(
      files.every(file => FILES.includes(file)),
      files.join(),
    );
    const body = workspace.git('show', '--no-patch', '--format=%b', commit);
    assert.match(body, /^worker {2}(ok|error) {2}\d+\.\d{2,3} s {2}cpu .+% {2}memory .+ MB {2}api -/);
  }
  assert.deepEqual(
    [...new Set(log(workspace, '%an <%ae> %cn <%ce>'))],
    ['Watchkeeper <watchkeeper@localhost> Watchkeeper <watchkeeper@localhost>'],
  );
  assert.deepEqual(workspace.git('ls-tree', '-r', '--name-only', 'HEAD', 'data').trim().split('\n'), FILES);
  assert.equal(workspace.git('status', '--porcelain'), '?? load\n');
});

test('okEvery holds over restarts: one ok commit in its time, and each recovery', async t => {
  const workspace = aWorkspace(t, yaml('okEvery: 1h'));
  for (const load of ['1', '1', '2', '1']) await runWith(t, workspace, [load]);
  assert.deepEqual(log(workspace, '%s'), [
    'Performance OK (iteration 1)',
    'Anomaly recovered: worker - rows',
  ]);
});

test('git.ref commits to its own branch: HEAD, what is staged, and the work tree stay as they are', async t => {
  const workspace = aWorkspace(t, yaml('ref: refs/heads/watch/log'));
  workspace.write('staged', 'by the user');
  workspace.git('add', 'staged');
  const before = workspace.git('ls-files', '--stage') + workspace.git('rev-parse', 'main');
  await runWith(t, workspace, ['1', '1']);
  assert.equal(workspace.git('ls-files', '--stage') + workspace.git('rev-parse', 'main'), before);
  assert.equal(workspace.git('symbolic-ref', 'HEAD').trim(), 'refs/heads/main');
  assert.deepEqual(log(workspace, '%s', 'watch/log'), [
    'Performance OK (iteration 1)',
    'Performance OK (iteration 2)',
  ]);
  const tree = workspace.git('ls-tree', '-r', '--name-only', 'watch/log').trim().split('\n');
  assert.deepEqual(tree, FILES);
});

test('nothing that the user has set up is run or told: no hooks, no signing, no editor, no push', async t => {
  const workspace = aWorkspace(t, yaml('enabled: true'));
  const outside = temporaryFolder(t);
  const remote = workspaceAt(`${outside}/remote.git`);
  workspace.git('init', '--quiet', '--bare', remote.root);
  workspace.git('remote', 'add', 'origin', remote.root);
  workspace.git('push', '--quiet', '--set-upstream', 'origin', 'main');
  const pushed = workspace.git('ls-remote', 'origin');
  const program = `${outside}/program`;
  writeFileSync(program, `#!/bin/sh\necho "$0" >> '${outside}/ran'\nexit 1\n`);
  chmodSync(program, 0o755);
  for (const hook of [
    'pre-commit',
    'commit-msg',
    'post-commit',
    'reference-transaction',
    'post-index-change',
  ])
    copyFileSync(program, workspace.path('.git/hooks', hook));
  const settings = { 'commit.gpgSign': 'true', 'gpg.program': program, 'core.editor': program };
  for (const [name, value] of Object.entries(settings)) workspace.git('config', name, value);
  await runWith(t, workspace, ['1'], { GIT_EDITOR: program, EDITOR: program });
  assert.deepEqual(log(workspace, '%s %G?'), ['Performance OK (iteration 1) N']);
  assert.equal(existsSync(`${outside}/ran`), false);
  assert.equal(workspace.git('ls-remote', 'origin'), pushed);
});

test('the git variables of a surrounding git command lead nowhere', async t => {
  const workspace = aWorkspace(t, yaml('enabled: true'));
  const other = temporaryWorkspace(t, { file: 'theirs' });
  const before = other.git('log', '--all', '--format=%H') + other.git('status', '--porcelain');
  await runWith(t, workspace, ['1'], {
    GIT_DIR: other.path('.git'),
    GIT_WORK_TREE: other.root,
    GIT_INDEX_FILE: other.path('.git/index'),
    GIT_OBJECT_DIRECTORY: other.path('.git/objects'),
  });
  assert.deepEqual(log(workspace, '%s'), ['Performance OK (iteration 1)']);
  assert.equal(other.git('log', '--all', '--format=%H') + other.git('status', '--porcelain'), before);
});

test('during a merge runs go on without a commit, which is said once; what was missed is in the next commit', async t => {
  const settings = yaml('enabled: true', ', schedule: every 1s', 1000);
  const workspace = aWorkspace(t, settings);
  workspace.git('checkout', '--quiet', '-b', 'side');
  workspace.write('side', 'by the user\n');
  workspace.git('add', 'side');
  workspace.git('commit', '--quiet', '--message=side');
  workspace.git('checkout', '--quiet', 'main');
  workspace.write('step.sh', `${STEP}# main\n`);
  workspace.git('commit', '--quiet', '--all', '--message=main');

  const supervisor = start(t, workspace.root);
  const seen = (): string[] => supervisor.stdout().match(/iteration \d+: .*/g) ?? [];
  const next = (what: RegExp, after: number): Promise<true> =>
    until(`an iteration with ${what}`, () =>
      seen()
        .slice(after)
        .some(line => what.test(line)),
    );
  await iterations(supervisor, 2);
  await next(/Performance OK {2}commit/, 1);
  await until('the merge begins, and meets no commit of the supervisor', () => {
    try {
      workspace.git('merge', '--quiet', '--no-commit', '--no-ff', 'side');
      return true;
    } catch {
      return false;
    }
  });
  await until('it is said', () => supervisor.stderr().includes('Not committing: a merge is in progress'));
  const head = workspace.git('rev-parse', 'HEAD');
  workspace.write('load', '9\n');
  await next(/Anomaly detected: 1/, 0);
  workspace.write('load', '1\n');
  await next(/Anomaly recovered: worker - rows$/, 0);
  assert.equal(workspace.git('rev-parse', 'HEAD'), head);
  workspace.git('commit', '--quiet', '--message=merged');
  await until('it is over', () => supervisor.stderr().includes('Committing again'));
  await next(/Performance OK {2}commit/, seen().length);
  await supervisor.stop();

  assert.equal(supervisor.stderr().match(/Not committing/g)?.length, 1);
  assert.equal(supervisor.stderr().match(/Committing again \(it was: a merge is in progress\)/g)?.length, 1);
  assert.equal(workspace.git('log', '--format=%s', '--merges').trim(), 'merged');
  const since = log(workspace, '%H %s', 'HEAD', '--not', head.trim());
  const told = since.filter(line => line.endsWith('Anomaly recovered: worker - rows'));
  assert.equal(told.length, 1);
  assert.equal(since[0], told[0]);
  const [commit = ''] = (told[0] ?? '').split(' ');
  const committed = workspace.git('show', `${commit}:data/anomalies.log`);
  const events = committed
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).event);
  assert.deepEqual([events[0], events.at(-1)], ['anomaly', 'recovered']);
  assert.ok(readFileSync(workspace.path('data/anomalies.log'), 'utf8').startsWith(committed));
  const { worker } = JSON.parse(workspace.git('show', `${commit}:data/performance.json`)).modules;
  assert.deepEqual(
    worker.runs.map((run: { iteration: number }) => run.iteration),
    worker.runs.map((_: unknown, index: number) => index + 1),
  );
});
