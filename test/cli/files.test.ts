import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Run } from '../../src/glossary/run.ts';
import { VERSION } from '../../src/version.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { assertValid } from '../store/schemas.ts';

failOnLeaks();

interface ShownModule {
  successCount: number;
  errorCount: number;
  restartCount: number;
  averages: Record<string, number | null>;
  runs: (Run & { reason?: string })[];
}

const textOf = (workspace: Workspace, file: string): string =>
  readFileSync(workspace.path('data', file), 'utf8');

function modulesOf(workspace: Workspace): Record<string, ShownModule> {
  const value = JSON.parse(textOf(workspace, 'performance.json'));
  assertValid('performance', value);
  return value.modules;
}

function moduleOf(workspace: Workspace, name: string): ShownModule {
  const found = modulesOf(workspace)[name];
  assert.ok(found, `performance.json has no ${name}`);
  return found;
}

function statusOf(workspace: Workspace) {
  const value = JSON.parse(textOf(workspace, 'status.json'));
  assertValid('status', value);
  return value;
}

/** A module that hands on what lies in `lines` as its report, and ends as `code` says. */
const REPORTING = `git: { enabled: false }
modules:
  reporting: { command: "sh -c 'cat lines >> $WATCHKEEPER_METRICS; exit $(cat code)'" }
  after-it: { command: "true", after: [reporting] }
  late: { command: sleep 600, timeout: 100ms }
  flaky: { command: "false", retries: 1, retryDelay: 1ms }
  missing: { command: no-such-program-anywhere }
  crashing: { command: "sh -c 'kill -9 $$'" }
`;

const LINES = `{"metric":"apiLatencySeconds","value":0.1,"labels":{"endpoint":"GET /klines"}}
{"metric":"apiLatencySeconds","value":0.3,"error":true}
{"metric":"last","value":5}
{"metric":"last","value":7}
{"metric":"sum","value":5,"kind":"sum"}
{"metric":"sum","value":7,"kind":"sum"}
{"metric":"mean","value":5,"kind":"mean"}
{"metric":"mean","value":8,"kind":"mean"}
`;

const UNMEASURED = {
  ...{ runtimeSeconds: null, cpuSeconds: null, cpuPercent: null, memoryMb: null },
  ...{ apiLatencySeconds: null, api: null, custom: {} },
};

/** The parts of a run that say how it ended. */
const endOf = ({ trigger, attempt, outcome, exitCode, signal }: Run): unknown[] => [
  trigger,
  attempt,
  outcome,
  exitCode,
  signal,
];

test('performance.json has every run with how it ended and what it reported, and null for what was not measured', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': REPORTING, lines: LINES, code: '0' });
  await command(t, workspace.root, ['once']);
  workspace.write('code', '3');
  await command(t, workspace.root, ['once']);
  const modules = modulesOf(workspace);
  const ends = Object.fromEntries(Object.entries(modules).map(([name, { runs }]) => [name, runs.map(endOf)]));
  assert.deepEqual(ends, {
    reporting: [
      ['manual', 1, 'ok', 0, null],
      ['manual', 1, 'error', 3, null],
    ],
    'after-it': [
      ['after', 1, 'ok', 0, null],
      ['after', 1, 'skipped', null, null],
    ],
    late: Array(2).fill(['manual', 1, 'timeout', null, 'SIGTERM']),
    flaky: [1, 2, 1, 2].map(attempt => [attempt === 1 ? 'manual' : 'retry', attempt, 'error', 1, null]),
    missing: Array(2).fill(['manual', 1, 'error', null, null]),
    crashing: Array(2).fill(['manual', 1, 'killed', null, 'SIGKILL']),
  });

  const [good, bad] = modules['reporting']?.runs ?? [];
  assert.ok(good && bad);
  assert.deepEqual([good.apiLatencySeconds, good.api], [0.2, { count: 2, errors: 1, p95: 0.29, max: 0.3 }]);
  assert.deepEqual(good.custom, { last: 7, sum: 12, mean: 6.5 });
  assert.deepEqual([bad.apiLatencySeconds, bad.custom], [0.2, good.custom]);
  assert.deepEqual([good.iteration, bad.iteration], [1, 2]);
  assert.equal('reason' in good, false);
  const [, skipped] = modules['after-it']?.runs ?? [];
  assert.deepEqual({ ...skipped, ...UNMEASURED }, skipped);
  assert.equal(skipped?.reason, 'reporting failed');
  const [unstarted] = modules['missing']?.runs ?? [];
  assert.deepEqual([unstarted?.cpuSeconds, unstarted?.memoryMb], [null, null]);
  assert.match(unstarted?.reason ?? '', /no-such-program-anywhere/);

  const reporting = moduleOf(workspace, 'reporting');
  assert.deepEqual([reporting.successCount, reporting.errorCount, reporting.restartCount], [1, 1, 0]);
  const { runtimeSeconds, cpuPercent, memoryMb, apiLatencySeconds } = good;
  assert.deepEqual(reporting.averages, { runtimeSeconds, cpuPercent, memoryMb, apiLatencySeconds });
  const flaky = moduleOf(workspace, 'flaky');
  assert.deepEqual([flaky.successCount, flaky.errorCount, flaky.restartCount], [0, 4, 2]);
  assert.deepEqual(new Set(Object.values(flaky.averages)), new Set([null]));
  assert.equal(moduleOf(workspace, 'after-it').errorCount, 0);

  const lines = textOf(workspace, 'performance.json').split('\n');
  const runs = Object.values(modules).flatMap(module => module.runs);
  assert.equal(lines.filter(line => /^\s*,? *\{"id":.*\}$/.test(line)).length, runs.length);
  const failed = statusOf(workspace).message.split('; ').sort();
  assert.deepEqual(failed, [
    'Module failed: crashing (killed)',
    'Module failed: flaky (error)',
    'Module failed: late (timeout)',
    'Module failed: missing (error)',
    'Module failed: reporting (error)',
  ]);
});

test('status.json says how things stand: last run, restarts, averages, services, and who supervises', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `git: { enabled: false }
modules:
  steady: { command: "true", schedule: every 1s }
  flaky: { command: "sh -c 'test -e tried || { touch tried; exit 1; }'", schedule: every 1h, retries: 1, retryDelay: 1ms }
services:
  feed: { command: sleep 600 }
`,
  });
  const supervisor = start(t, workspace.root, ['run', '--iterations', '2']);
  assert.equal((await supervisor.ended).code, 0);
  const status = statusOf(workspace);
  assert.deepEqual(Object.keys(status), [
    ...['version', 'updatedAt', 'message', 'roadmapStage', 'iterations', 'lastRun', 'restartCount'],
    ...['performance', 'anomalies', 'services', 'supervisor'],
  ]);
  const modules = modulesOf(workspace);
  const steady = moduleOf(workspace, 'steady');
  assert.deepEqual([status.version, status.roadmapStage, status.iterations], [1, 'warm-up', 2]);
  assert.equal(status.message, 'Performance OK');
  const { module, outcome, endedAt } = status.lastRun;
  const last = moduleOf(workspace, module).runs.at(-1);
  assert.deepEqual([outcome, endedAt], [last?.outcome, last?.endedAt]);
  assert.deepEqual([status.restartCount, moduleOf(workspace, 'flaky').restartCount], [1, 1]);
  assert.equal(status.performance.modulesTracked, 2);
  const averages = Object.fromEntries(Object.entries(modules).map(([name, one]) => [name, one.averages]));
  assert.deepEqual(status.performance.averages, averages);
  const { feed } = status.services;
  // Stopped with the supervisor.
  assert.deepEqual([feed.status, feed.pid, feed.restartCount, feed.lastProblem], ['stopped', null, 0, null]);
  assert.ok(Date.parse(feed.startedAt) <= Date.parse(status.updatedAt));
  assert.deepEqual([status.supervisor.pid, status.supervisor.version], [supervisor.process.pid, VERSION]);
  assert.ok(Date.parse(status.supervisor.startedAt) <= Date.parse(steady.runs[0]?.startedAt ?? ''));
  const { updatedAt } = JSON.parse(textOf(workspace, 'performance.json'));
  assert.equal(updatedAt, status.updatedAt);
});

/** As if the workspace had been in operation for so long already. */
function inOperationFor(workspace: Workspace, hours: number): void {
  const database = new DatabaseSync(workspace.path('data/watchkeeper.db'));
  try {
    const set = database.prepare("UPDATE facts SET value = ? WHERE key = 'firstStartMs'");
    assert.equal(set.run(String(Date.now() - hours * 3_600_000)).changes, 1);
  } finally {
    database.close();
  }
}

async function stagesOver(t: TestContext, yaml: string, hoursOfRuns: number[]): Promise<string[]> {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml });
  const stages: string[] = [];
  for (const hours of hoursOfRuns) {
    if (hours > 0) inOperationFor(workspace, hours);
    await command(t, workspace.root, ['once']);
    stages.push(statusOf(workspace).roadmapStage);
  }
  return stages;
}

const TWO_RUNS = `git: { enabled: false }
modules: { one: { command: "true" } }
detection: { window: 2 }
`;

test('the stage goes from warm-up over 24 hours and 7 days of operation to long-term stability, over any restart', async t => {
  assert.deepEqual(await stagesOver(t, TWO_RUNS, [0, 0, 25, 169]), [
    ...['warm-up', 'baseline', '24-hour operation', 'long-term stability'],
  ]);
});

test('a fresh clone goes on in the stage that the workspace has reached, not in the first one', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': TWO_RUNS });
  for (let times = 0; times < 2; times += 1) await command(t, workspace.root, ['once']);
  const clone = workspaceAt(temporaryFolder(t));
  clone.write('watchkeeper.yaml', TWO_RUNS);
  const weekAgo = new Date(Date.now() - 8 * 24 * 3_600_000).toISOString().slice(0, 10);
  const today = /"(startedAt|endedAt)":"\d{4}-\d\d-\d\d/g;
  clone.write(
    'data/performance.json',
    textOf(workspace, 'performance.json').replaceAll(today, `"$1":"${weekAgo}`),
  );
  await command(t, clone.root, ['once']);
  assert.deepEqual(
    [statusOf(workspace).roadmapStage, statusOf(clone).roadmapStage],
    ['baseline', 'long-term stability'],
  );
});

test('a workspace may name stages of its own', async t => {
  const own = `stages:
  - { name: learning, until: baseline }
  - { name: on trial, until: 1d }
  - { name: in service }
`;
  const stages = await stagesOver(t, TWO_RUNS + own, [0, 0, 25]);
  assert.deepEqual(stages, ['learning', 'on trial', 'in service']);
});

test('a run has the revision that it ran with: the commit of the user, + where files are changed, null outside git', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': 'modules: { one: { command: "true" } }\n' });
  const revisions: (string | null | undefined)[] = [];
  const run = async (): Promise<void> => {
    await command(t, workspace.root, ['once']);
    revisions.push(moduleOf(workspace, 'one').runs.at(-1)?.revision);
  };
  const commit = workspace.git('rev-parse', '--short', 'HEAD').trim();
  await run();
  await run();
  workspace.write('watchkeeper.yaml', `# changed\nmodules: { one: { command: "true" } }\n`);
  await run();
  workspace.git('commit', '--quiet', '--all', '--message=second');
  const second = workspace.git('rev-parse', '--short', 'HEAD').trim();
  await run();
  rmSync(workspace.path('.git'), { recursive: true });
  await run();
  assert.deepEqual(revisions, [commit, commit, `${commit}+`, second, null]);
});

test('a run that outlives its supervisor is killed, with nothing measured, and the counts have it', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write(
    'watchkeeper.yaml',
    'runAtStart: false\ngit: { enabled: false }\nmodules: { one: { command: "sh -c \'touch runs; sleep 600\'", schedule: "* * * * * *" } }\n',
  );
  const first = start(t, workspace.root, ['run', '--json']);
  await until('the module runs', () => existsSync(workspace.path('runs')));
  first.process.kill('SIGKILL');
  await first.ended;
  workspace.write('watchkeeper.yaml', 'git: { enabled: false }\nmodules: { one: { command: "true" } }\n');
  await command(t, workspace.root, ['once']);
  const { runs, errorCount } = moduleOf(workspace, 'one');
  const [killed, next] = runs;
  assert.deepEqual({ ...killed, ...UNMEASURED }, killed);
  assert.deepEqual([killed?.outcome, killed?.exitCode, killed?.signal], ['killed', null, null]);
  assert.deepEqual([killed?.iteration, next?.iteration, errorCount], [1, 2, 1]);
});
