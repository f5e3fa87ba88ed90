import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { noteCommitted } from '../src/commits.ts';
import { openRepository, type Repository } from '../src/git/repository.ts';
import type { Rule } from '../src/glossary/detection-settings.ts';
import type { ClosedIteration, IterationSummary } from '../src/glossary/iteration.ts';
import type { GitSettings, Settings } from '../src/glossary/settings.ts';
import { incidentIdOf } from '../src/judge/incident-id.ts';
import { judgeRun } from '../src/judge.ts';
import { Publisher } from '../src/publish.ts';
import { unwritable } from '../src/store/atomic.ts';
import { PerformanceFile } from '../src/store/performance.ts';
import type { Store } from '../src/store/store.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { temporaryWorkspace, type Workspace } from './helpers/workspace.ts';
import { aJudgement, anEvent, anOwner, aRun, at, reopen, START_MS } from './store/fixtures.ts';
import { assertValid } from './store/schemas.ts';
import { module, settingsOf } from './supervise/played.ts';

failOnLeaks();

// No test may depend on the git settings of whoever runs it.
process.env['HOME'] = '/nonexistent';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Judges `rows` alone, after two runs. */
const RULE: Rule = { thresholdPercent: 25, window: 2, recoveryRuns: 3, floor: 0 };
const ruleFor = (_detection: unknown, _module: string, metric: string): Rule | null =>
  metric === 'rows' ? RULE : null;

interface Published {
  workspace: Workspace;
  store: Store;
  settings: Settings;
  performance: PerformanceFile;
  clock: { ms: number };
  warnings: string[];
  infos: string[];
  /** Another one on the same store, as after a restart. */
  restarted(): Publisher;
  publisher: Publisher;
  /** One iteration, in which the module's only run reports so many rows: recorded, not published. */
  ended(rows: number): ClosedIteration;
  /** The same, published. */
  iterate(rows: number): Promise<IterationSummary>;
}

/** A publisher with everything real around it but the clock and the runs. */
function aPublisher(
  t: TestContext,
  git: Partial<GitSettings> = {},
  commit?: Repository['commit'],
): Published {
  const workspace = temporaryWorkspace(t);
  const data = workspace.path('data');
  const store = reopen(data);
  store.claim(anOwner());
  const settings: Settings = {
    ...settingsOf([module('collector')]),
    git: { enabled: true, commitOn: ['ok', 'recovered', 'persisted'], okEveryMs: 0, ref: 'current', ...git },
    stages: [
      { name: 'warm-up', until: 'baseline' },
      { name: 'first day', until: 24 * HOUR },
      { name: 'later', until: null },
    ],
  };
  const clock = { ms: START_MS };
  const [warnings, infos]: [string[], string[]] = [[], []];
  const tell = { warn: (text: string) => warnings.push(text), info: (text: string) => infos.push(text) };
  const repository = openRepository(workspace.root, { settings: settings.git, ...tell });
  const performance = new PerformanceFile(store, data);
  const restarted = (): Publisher =>
    new Publisher({
      clock: { now: () => clock.ms, monotonic: () => clock.ms },
      store,
      dataFolder: data,
      performance,
      repository: () => (commit === undefined ? repository : { ...repository, commit }),
      reporter: { ...tell, runEnded: () => undefined, iterationEnded: () => undefined },
      services: () => [],
      supervisor: { pid: 42, startedAt: at(0), version: '0.1.0' },
      firstStartMs: START_MS,
      ruleFor,
    });
  const publisher = restarted();
  const ended = (rows: number): ClosedIteration => {
    const time = new Date(clock.ms).toISOString();
    const iteration = store.startIteration(time);
    const run = aRun({ iteration, startedAt: time, endedAt: time, custom: { rows } });
    const ruleOf = (metric: string) => ruleFor(settings.detection, run.module, metric);
    const idOf = ({ id }: { id: string }, metric: string): string => incidentIdOf(id, metric);
    const judged = judgeRun(store.moduleState(run.module), run, ruleOf, idOf);
    store.recordRun(run, judged);
    const openIncidents = store.incidents({ open: true });
    return {
      iteration,
      startedAt: time,
      endedAt: time,
      runs: [run],
      events: judged.events,
      openIncidents,
      notStarted: [],
    };
  };
  const iterate = (rows: number): Promise<IterationSummary> => publisher.publish(ended(rows), settings);
  const told = { warnings, infos };
  return { workspace, store, settings, performance, clock, ...told, publisher, restarted, ended, iterate };
}

const statusOf = (workspace: Workspace) => {
  const status = JSON.parse(readFileSync(workspace.path('data/status.json'), 'utf8'));
  assertValid('status', status);
  return status;
};

const subjects = (workspace: Workspace): string[] =>
  workspace.git('log', '--format=%s', '--reverse', '--author=Watchkeeper').trim().split('\n').filter(Boolean);

test('the stage is the first one until the baseline is full, then it goes by the time since the first start', async t => {
  const { workspace, clock, iterate } = aPublisher(t, { enabled: false });
  const stages: string[] = [];
  for (const ms of [0, 1, 24 * HOUR - 1, 24 * HOUR, 24 * HOUR + 1]) {
    clock.ms = START_MS + ms;
    await iterate(1);
    stages.push(statusOf(workspace).roadmapStage);
  }
  assert.deepEqual(stages, ['warm-up', 'first day', 'first day', 'later', 'later']);
});

test('the status counts the anomalies of the last hour and lists the open ones', async t => {
  const { workspace, clock, iterate } = aPublisher(t, { enabled: false });
  for (const rows of [1, 1, 2]) await iterate(rows);
  clock.ms += 30 * MINUTE;
  await iterate(3);
  const { anomalies, message } = statusOf(workspace);
  assert.equal(message, 'Anomaly detected: 1 anomaly(ies)');
  assert.deepEqual([anomalies.open, anomalies.lastHour, anomalies.list.length], [1, 2, 1]);
  const [{ module: name, metric, status, value, lastValue, runsOpen }] = anomalies.list;
  assert.deepEqual([name, metric, status], ['collector', 'rows', 'open']);
  assert.deepEqual([value, lastValue, runsOpen], [2, 3, 1]);
  clock.ms += 31 * MINUTE;
  await iterate(1);
  const later = statusOf(workspace);
  assert.equal(later.message, 'Anomaly recovered: collector - rows');
  assert.deepEqual([later.anomalies.open, later.anomalies.lastHour, later.anomalies.list], [0, 1, []]);
  assert.equal(later.iterations, 5);
  assert.deepEqual(later.lastRun, {
    module: 'collector',
    outcome: 'ok',
    endedAt: new Date(clock.ms).toISOString(),
  });
});

test('okEvery lets one ok commit through in its time, and every recovery', async t => {
  const { workspace, clock, iterate } = aPublisher(t, { okEveryMs: HOUR });
  const commits: (string | null)[] = [];
  const steps = [
    ...[0, 1, 30].map(minute => ({ minute, rows: 1 })),
    ...[31, 59].map(minute => ({ minute, rows: minute === 31 ? 5 : 1 })),
    ...[59.9, 60, 61, 119, 120].map(minute => ({ minute, rows: 1 })),
  ];
  for (const { minute, rows } of steps) {
    clock.ms = START_MS + minute * MINUTE;
    commits.push((await iterate(rows)).commit);
  }
  assert.deepEqual(
    commits.flatMap((commit, index) => (commit === null ? [] : steps[index]?.minute)),
    [0, 59, 60, 120],
  );
  assert.deepEqual(subjects(workspace), [
    'Performance OK (iteration 1)',
    'Anomaly recovered: collector - rows',
    'Performance OK (iteration 7)',
    'Performance OK (iteration 10)',
  ]);
});

test('what could not be committed is told by the next commit, once, also after a restart', async t => {
  const published = aPublisher(t);
  const { workspace, warnings, infos, iterate } = published;
  for (const rows of [1, 1, 2]) await iterate(rows);
  workspace.git('checkout', '--quiet', '--detach');
  const recovered = await iterate(1);
  assert.deepEqual([recovered.message, recovered.commit], ['Anomaly recovered: collector - rows', null]);
  await iterate(1);
  workspace.git('checkout', '--quiet', 'main');
  published.restarted().catchUp(published.settings);
  assert.equal((await iterate(1)).message, 'Performance OK');
  await iterate(1);
  assert.deepEqual(subjects(workspace).slice(-2), [
    'Anomaly recovered: collector - rows',
    'Performance OK (iteration 7)',
  ]);
  const missed = workspace.git('show', 'HEAD~1:data/performance.json');
  assert.deepEqual(
    JSON.parse(missed).modules.collector.runs.map(({ iteration }: { iteration: number }) => iteration),
    [1, 2, 3, 4, 5, 6],
  );
  assert.equal(warnings.filter(text => text.startsWith('Not committing')).length, 1);
  assert.equal(infos.filter(text => text.startsWith('Committing again')).length, 1);
});

test('where nothing could be committed for months, a commit tells the newest events, and no iteration reads them all', async t => {
  const messages: string[] = [];
  const commit: Repository['commit'] = async ({ message }) => {
    messages.push(message);
    return { kind: 'blocked', reason: 'there is no repository' };
  };
  const { store, iterate } = aPublisher(t, {}, commit);
  const missed = Array.from({ length: 1_500 }, (_, index) =>
    anEvent({ event: 'recovered', message: `recovery ${index}`, incident: `I${index}` }),
  );
  store.recordRun(aRun(), aJudgement(missed, null));
  await iterate(1);
  const told = messages[0]?.match(/^recovery \d+$/gm) ?? [];
  assert.deepEqual([told.length, told[0], told.at(-1)], [1_000, 'recovery 500', 'recovery 1499']);
});

test('past events that a history brought along are no news for the first commit', async t => {
  const { workspace, store, iterate } = aPublisher(t, { enabled: true, commitOn: ['ok', 'recovered'] });
  workspace.git('checkout', '--quiet', '--detach');
  for (const rows of [1, 1, 2, 1]) await iterate(rows);
  noteCommitted(store, true);
  workspace.git('checkout', '--quiet', 'main');
  await iterate(1);
  assert.deepEqual(subjects(workspace), ['Performance OK (iteration 5)']);
});

test('where the note of what was committed is none any more, nothing old is told once more', async t => {
  const { workspace, store, iterate } = aPublisher(t, { enabled: true, commitOn: ['ok', 'recovered'] });
  workspace.git('checkout', '--quiet', '--detach');
  for (const rows of [1, 1, 2, 1]) await iterate(rows);
  store.setFact('committed', 'something else');
  noteCommitted(store, false);
  workspace.git('checkout', '--quiet', 'main');
  await iterate(1);
  assert.deepEqual(subjects(workspace), ['Performance OK (iteration 5)']);
});

test('a file that cannot be written is told once, and once when it can again; runs and the other files go on', async t => {
  const { workspace, store, warnings, infos, iterate, restarted, settings } = aPublisher(t, {
    enabled: false,
  });
  await iterate(1);
  const log = workspace.path('data/anomalies.log');
  // Not by its permissions: for the superuser, as whom tests may run, those are no obstacle.
  renameSync(workspace.path('data'), workspace.path('elsewhere'));
  writeFileSync(workspace.path('data'), 'in the way');
  const publisher = restarted();
  for (let times = 0; times < 3; times += 1) publisher.catchUp(settings);
  assert.deepEqual(
    warnings.map(text => text.split(/ could not be (?:written|read)/)),
    ['performance.json', 'anomalies.log', 'status.json'].map(name => [
      workspace.path('data', name),
      ` (ENOTDIR): ${workspace.path('data')} must be a folder: move it away`,
    ]),
    'each says which file, why, and what to do, and says it once',
  );
  rmSync(workspace.path('data'));
  renameSync(workspace.path('elsewhere'), workspace.path('data'));
  rmSync(log);
  publisher.catchUp(settings);
  assert.deepEqual(infos, [
    'performance.json could be written again',
    'anomalies.log could be written again',
    'status.json could be written again',
  ]);
  assert.equal(existsSync(log), true);
  assert.equal(store.iterationCount(), 1);
});

/** As on a disk that fails for this file alone, until it is put right. */
function failing(performance: PerformanceFile, path: string): { putRight(): void } {
  const write = performance.write.bind(performance);
  performance.write = () => {
    throw unwritable(path, Object.assign(new Error('no space'), { code: 'ENOSPC' }));
  };
  return { putRight: () => Object.assign(performance, { write }) };
}

test('while a file cannot be written nothing is committed, and the commit after that tells what it missed', async t => {
  const { workspace, performance, warnings, infos, iterate } = aPublisher(t);
  for (const rows of [1, 1, 2, 2, 2]) await iterate(rows);
  const before = subjects(workspace);
  const path = workspace.path('data/performance.json');
  const disk = failing(performance, path);
  const persisted = await iterate(2);
  assert.deepEqual([persisted.message, persisted.commit], ['Anomaly persisted: collector - rows', null]);
  assert.equal((await iterate(2)).commit, null);
  assert.deepEqual(subjects(workspace), before);
  disk.putRight();
  assert.notEqual((await iterate(2)).commit, null);
  assert.deepEqual(subjects(workspace), [...before, 'Anomaly persisted: collector - rows']);
  const committed = JSON.parse(workspace.git('show', 'HEAD:data/performance.json'));
  assert.equal(committed.modules.collector.runs.length, 8);
  assert.deepEqual(warnings, [`${path} could not be written (ENOSPC): the disk is full: make room`]);
  assert.deepEqual(infos, ['performance.json could be written again']);
});

test('what the store had to mend is told, at the start and after an iteration', async t => {
  const { workspace, store, settings, restarted, warnings, iterate } = aPublisher(t, { enabled: false });
  await iterate(1);
  const damage = (): void => {
    const database = new DatabaseSync(workspace.path('data/watchkeeper.db'));
    database.exec("UPDATE facts SET value = 'x' WHERE key = 'anomaliesLog'");
    database.close();
  };
  damage();
  await iterate(1);
  assert.equal(warnings.length, 1);
  damage();
  restarted().catchUp(settings);
  assert.match(warnings.join('\n'), /^1 damaged record.*note removed.*\n1 damaged record.*note removed.*$/);
  assert.equal(store.iterationCount(), 2);
});

test('a commit that no longer fails may fail again, and that is told again', async t => {
  const outcomes = ['fails', 'fails', 'commits', 'fails'];
  const commit = async (): ReturnType<Repository['commit']> => {
    if (outcomes.shift() === 'fails') throw new Error('no room for it');
    return { kind: 'committed', sha: '0123456789' };
  };
  const { warnings, iterate } = aPublisher(t, {}, commit);
  for (let times = 0; times < 4; times += 1) await iterate(1);
  assert.deepEqual(warnings, Array(2).fill('the commit could not be written: no room for it'));
});

test('at the start the files show what the store holds and a killed supervisor could not show any more', async t => {
  const { workspace, store, iterate, restarted, settings } = aPublisher(t, { enabled: false });
  for (const rows of [1, 1, 2]) await iterate(rows);
  const shown = (): string[] =>
    ['performance.json', 'anomalies.log', 'status.json'].map(name =>
      readFileSync(workspace.path('data', name), 'utf8'),
    );
  const before = shown();
  rmSync(workspace.path('data/performance.json'));
  rmSync(workspace.path('data/status.json'));
  writeFileSync(workspace.path('data/anomalies.log'), before[1]?.slice(0, 40) ?? '');
  const iteration = store.startIteration(at(9));
  store.recordRun(aRun({ iteration, custom: { rows: 7 } }), null);
  restarted().catchUp(settings);
  const [performance = '', anomalies] = shown();
  const { runs } = JSON.parse(performance).modules.collector;
  assert.deepEqual([runs.length, runs.at(-1).custom], [4, { rows: 7 }]);
  assertValid('performance', JSON.parse(performance));
  assert.equal(anomalies, before[1]);
  assert.equal(statusOf(workspace).anomalies.open, 1);
});

test('at the end older files that git has brought back are made anew, and what is as it was left is not touched', async t => {
  const { workspace, settings, publisher, iterate } = aPublisher(t);
  await iterate(1);
  await iterate(1);
  const files = ['performance.json', 'status.json'].map(name => workspace.path('data', name));
  const now = (): string[] => files.map(file => readFileSync(file, 'utf8'));
  const inodes = (): number[] => files.map(file => statSync(file).ino);
  const [left, places] = [now(), inodes()];
  publisher.leave(settings);
  assert.deepEqual([now(), inodes()], [left, places]);
  workspace.git('checkout', 'HEAD~1', '--', 'data');
  assert.notDeepEqual(now(), left);
  publisher.leave(settings);
  assert.deepEqual(now(), left);
});

test('at the end an older log alone is completed, and one that was removed is written anew', async t => {
  const { workspace, settings, publisher, iterate } = aPublisher(t);
  for (const rows of [1, 1, 2]) await iterate(rows);
  const log = workspace.path('data', 'anomalies.log');
  const left = readFileSync(log, 'utf8');
  assert.notEqual(left, '');
  writeFileSync(log, '');
  publisher.leave(settings);
  assert.equal(readFileSync(log, 'utf8'), left);
  rmSync(log);
  publisher.leave(settings);
  assert.equal(readFileSync(log, 'utf8'), left);
});

test('once another supervisor has the workspace, nothing is shown or committed any more', async t => {
  const { workspace, settings, publisher, ended, iterate } = aPublisher(t);
  await iterate(1);
  const before = readFileSync(workspace.path('data/performance.json'), 'utf8');
  const closed = ended(1);
  reopen(workspace.path('data')).claim(anOwner());
  await assert.rejects(publisher.publish(closed, settings), { name: 'WatchkeeperError', code: 'fenced' });
  assert.equal(readFileSync(workspace.path('data/performance.json'), 'utf8'), before);
  assert.deepEqual(subjects(workspace), ['Performance OK (iteration 1)']);
});
