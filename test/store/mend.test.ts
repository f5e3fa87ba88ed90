import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { givenBaseline } from '../../src/baseline/make-baseline.ts';
import { WatchkeeperError } from '../../src/errors.ts';
import { amending } from '../../src/store/amend.ts';
import { syncAnomaliesLog } from '../../src/store/anomalies.ts';
import { writeOwnerNote } from '../../src/store/holder.ts';
import { takeOverHistory } from '../../src/store/import.ts';
import { openToRead } from '../../src/store/open-to-read.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import type { Store } from '../../src/store/store.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { damageIndex, damageLeaf, overwrite } from './damaged-file.ts';
import { anOwner, aRun, at, closing, judgeOf, reopen, START_MS, show } from './fixtures.ts';

failOnLeaks();

const judge = judgeOf('runtimeSeconds');

interface Used {
  store: Store;
  data: string;
  path: string;
}

/** A store in use as by a supervisor: held, its runs recorded and shown. */
function used(t: TestContext, runtimes: number[]): Used {
  const data = join(temporaryFolder(t), 'data');
  const store = reopen(data);
  const owner = anOwner();
  store.claim(owner);
  writeOwnerNote(data, owner, START_MS);
  takeOverHistory(store, data, judge, START_MS);
  for (const runtimeSeconds of runtimes) record(store, runtimeSeconds);
  show(store, data);
  return { store, data, path: join(data, 'watchkeeper.db') };
}

function record(store: Store, runtimeSeconds: number): string {
  const iteration = store.startIteration(at(0));
  const run = aRun({ runtimeSeconds, iteration });
  store.recordRun(run, judge(store.moduleState(run.module), run));
  store.finishIteration(iteration, { endedAt: at(1), message: 'Performance OK', status: 'ok' });
  return run.id;
}

function change(path: string, ...statements: string[]): void {
  const database = new DatabaseSync(path);
  for (const sql of statements) database.exec(sql);
  database.close();
}

const runtimesOf = (store: Store): (number | null)[] =>
  store.runs('collector', 100).map(({ runtimeSeconds }) => runtimeSeconds);

const asides = (data: string): string[] => readdirSync(data).filter(name => name.includes('.damaged-'));

test('a damaged run is taken from performance.json when it is met, without a new start', t => {
  const { store, data, path } = used(t, [1, 2, 3]);
  change(path, 'UPDATE runs SET record = \'{"id":\' WHERE seq = 2');
  assert.deepEqual(runtimesOf(store), [1, 2, 3]);
  const [notice, ...more] = store.notices();
  assert.match(notice ?? '', /^1 damaged record.*1 x run taken from performance\.json.* is in .*\.records\./);
  assert.deepEqual([more, store.notices()], [[], []], 'told once');
  const [kept = ''] = asides(data);
  assert.deepEqual(JSON.parse(readFileSync(join(data, kept), 'utf8')), {
    ...{ table: 'runs', key: 2, text: '{"id":' },
  });
  assert.equal(statSync(join(data, kept)).mode & 0o777, 0o600);
});

test('a damaged run that no file shows is removed, and all the others stay', t => {
  const { store, data, path } = used(t, [1, 2]);
  record(store, 3);
  for (const text of ['', 'null', '[]', '5', '{"id":"other"}', '\u0001']) {
    const id = record(store, 4);
    change(path, `UPDATE runs SET record = '${text}' WHERE id = '${id}'`);
    if (text === '{"id":"other"}') change(path, "UPDATE runs SET record = '' WHERE seq = 3");
    assert.deepEqual(runtimesOf(store).slice(0, 2), [1, 2], text);
    assert.match(store.notices().join(), /run removed/, text);
  }
  assert.equal(store.counts('collector').successCount, 9, 'it has happened all the same');
  show(store, data);
});

test('a state that the judge cannot use is learned again from the runs, an open incident included', t => {
  const broken = [
    '{',
    '[]',
    '{"runtimeSeconds":5}',
    '{"runtimeSeconds":{"recent":[1,null],"incident":null}}',
  ];
  for (const text of broken) {
    const { store, path } = used(t, [1, 1, 1, 1, 1, 2]);
    const before = store.moduleState('collector');
    change(path, `UPDATE modules SET state = '${text}'`);
    assert.deepEqual(store.moduleState('collector'), before, text);
    assert.match(store.notices().join(), /baselines learned again/);
    record(store, 1);
    assert.equal(store.incidents()[0]?.status, 'recovered');
  }
});

test('a damaged event comes back from the log, and the log stays as it is', t => {
  const { store, data, path } = used(t, [1, 1, 1, 1, 1, 2, 2, 1]);
  const log = readFileSync(join(data, 'anomalies.log'), 'utf8');
  change(path, "UPDATE events SET line = 'x' WHERE seq = 2");
  assert.deepEqual(
    store.eventsAfter(0).map(({ event }) => event.event),
    ['anomaly', 'anomaly', 'recovered'],
  );
  assert.match(store.notices().join(), /1 x event taken from anomalies\.log/);
  store.setFact('anomaliesLog', null);
  assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  assert.equal(readFileSync(join(data, 'anomalies.log'), 'utf8'), log);
});

test('damage of any record does not keep the next supervisor from starting and going on', t => {
  const { store, data, path } = used(t, [1, 1, 1, 1, 1, 2]);
  store.beginRun(aRun({ id: 'begun' }));
  store.setFact('firstStartMs', 1);
  store.close();
  change(
    path,
    "UPDATE runs SET record = 'x' WHERE seq IN (2, 6)",
    "UPDATE modules SET state = 'x'",
    "UPDATE events SET line = 'x'",
    "UPDATE facts SET value = 'x'",
    "UPDATE begun SET record = 'x'",
    "UPDATE owner SET record = 'x'",
  );
  const next = reopen(data);
  const ready = next.owner();
  next.claim(anOwner(), ready?.nonce ?? null);
  takeOverHistory(next, data, judge, START_MS);
  assert.deepEqual(next.abandonedRuns(), []);
  assert.deepEqual(runtimesOf(next), [1, 1, 1, 1, 1, 2]);
  assert.equal(next.incidents({ open: true }).length, 1);
  record(next, 1);
  assert.equal(next.incidents()[0]?.status, 'recovered');
  assert.equal(next.fact('firstStartMs'), Date.parse(next.runs('collector', 10)[0]?.startedAt ?? ''));
  show(next, data);
});

test('a reader mends nothing: it says what will', t => {
  const { store, data, path } = used(t, [1]);
  change(path, "UPDATE runs SET record = 'x'");
  const reader = closing(openToRead(path));
  assert.throws(() => reader.lastRun(), /damaged record: the supervisor, at its next start, mends it/);
  assert.deepEqual(asides(data), []);
  assert.equal(store.lastRun()?.runtimeSeconds, 1);
});

test('a reader that met a damaged record lets the next start look through all of them', t => {
  const { store, data, path } = used(t, [1, 2]);
  store.close();
  change(path, "UPDATE runs SET record = 'x' WHERE seq = 1");
  const reader = closing(openToRead(path));
  assert.throws(() => reader.runs('collector', 9), WatchkeeperError);
  const next = reopen(data);
  takeOverHistory(next, data, judge, START_MS);
  assert.match(next.notices().join(), /1 x run taken from performance\.json/);
  assert.equal(existsSync(`${path}.suspect`), false);
});

function setBaseline(path: string): void {
  const kept = { module: 'collector', metric: 'memoryMb', setAt: at(0), source: 'said so' };
  const baselines = [{ ...givenBaseline(7), ...kept, values: [], timesMs: [] }];
  amending(dirname(dirname(path)), writes => writes.setBaselines(baselines));
}

const DAMAGES: [string, (path: string) => void][] = [
  ['noise in every page', path => overwrite(path, 4096, Buffer.alloc(statSync(path).size - 4096, 0x5a))],
  ['cut off', path => truncateSync(path, 4096)],
  ['emptied', path => writeFileSync(path, '')],
  ['other bytes', path => overwrite(path, 0, Buffer.alloc(statSync(path).size, 'no database '))],
];

for (const [name, damage] of DAMAGES) {
  test(`a store that is damaged in use (${name}) is replaced, and the loop goes on with its history`, t => {
    const { store, data, path } = used(t, [1, 1, 1, 1, 1, 2]);
    const [owner, counts] = [store.owner(), store.counts('collector')];
    intoTheFile(path);
    damage(path);
    record(store, 1);
    assert.deepEqual(runtimesOf(store), [1, 1, 1, 1, 1, 2, 1]);
    assert.deepEqual(store.owner(), owner, 'it is still ours');
    assert.equal(store.isOurs(), true);
    assert.equal(store.counts('collector').successCount, counts.successCount + 1);
    assert.equal(store.incidents()[0]?.status, 'recovered');
    assert.deepEqual([store.iterationCount(), store.lastIteration()?.iteration], [7, 7]);
    assert.match(
      store.notices()[0] ?? '',
      /^the store was damaged while in use: set aside as .*\.db\.damaged-/,
    );
    assert.equal(asides(data).filter(file => file.endsWith('Z')).length, 1);
    assert.equal(existsSync(`${path}.new`), false);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    show(store, data);
    store.close();
    assert.deepEqual(runtimesOf(reopen(data)), [1, 1, 1, 1, 1, 2, 1]);
  });
}

test('runs that no file shows yet are taken from the damaged store, with what they mean', t => {
  const { store, data, path } = used(t, [1, 1, 1, 1, 1]);
  store.setFact('firstStartMs', 7);
  store.beginRun(aRun({ id: 'begun' }));
  store.setSlots({ collector: 99 });
  while (store.keepHouse({ keepMs: 1e12, samplesMs: 1e6, leastRuns: 1 }, START_MS));
  setBaseline(path);
  record(store, 2);
  intoTheFile(path);
  // The index of the log's times: nothing else is kept in it, so all tables can still be read.
  damageIndex(path, 'eventsByTime');
  // Somebody else's write lets our connection read from the file again what it has in memory.
  change(path, "INSERT INTO facts (key, value) VALUES ('other', '1')");
  store.anomaliesSince(0);
  const notices = store.notices().join();
  assert.match(notices, /damaged while in use/);
  assert.match(notices, /history taken over from performance\.json: 5 runs,1 further runs/);
  assert.deepEqual(runtimesOf(store).slice(0, 6), [1, 1, 1, 1, 1, 2]);
  assert.deepEqual([store.fact('firstStartMs'), store.slot('collector')], [7, 99]);
  assert.equal(store.baseline('collector', 'memoryMb')?.mean, 7);
  while (store.keepHouse({ keepMs: 1e12, samplesMs: 1e6, leastRuns: 1 }, START_MS));
  const days = store.rollups('collector', 'runtimeSeconds', null, 'day', {});
  assert.equal(days[0]?.count, 6, 'taken over, none twice, and the last one, which was not in yet, as well');
  assert.deepEqual(
    store.abandonedRuns().map(({ id }) => id),
    ['begun'],
  );
  assert.equal(store.incidents({ open: true }).length, 1);
  syncAnomaliesLog(store, data, START_MS);
  assert.match(readFileSync(join(data, 'anomalies.log'), 'utf8'), /"event":"anomaly"/);
});

test('a store that is found damaged at the start gives the runs that no file shows to the one after it', t => {
  const { store, data, path } = used(t, [1, 1, 1, 1, 1]);
  store.setFact('firstStartMs', 7);
  record(store, 2);
  store.close();
  damageIndex(path, 'eventsByTime');
  const next = reopen(data);
  next.claim(anOwner());
  const messages = takeOverHistory(next, data, judge, START_MS);
  assert.deepEqual(messages, [
    'history taken over from performance.json: 5 runs',
    '1 further runs taken over from the damaged store',
  ]);
  assert.deepEqual(runtimesOf(next), [1, 1, 1, 1, 1, 2]);
  assert.equal(next.counts('collector').successCount, 6);
  assert.equal(next.incidents({ open: true }).length, 1);
  assert.equal(next.fact('firstStartMs'), 7);
  assert.equal(next.startIteration(at(0)), 7);
});

test('of a damaged store all runs are taken over that can be read, also those that no file shows any more', t => {
  const { store, data, path } = used(t, [1, 1, 1, 1, 1, 1, 1]);
  new PerformanceFile(store, data).write(at(1000), 3);
  store.close();
  damageIndex(path, 'eventsByTime');
  const next = reopen(data);
  next.claim(anOwner());
  assert.deepEqual(takeOverHistory(next, data, judge, START_MS), [
    'history taken over from performance.json: 3 runs',
    '4 further runs taken over from the damaged store',
  ]);
  assert.equal(runtimesOf(next).length, 7);
  assert.equal(next.counts('collector').successCount, 7, 'the counts of the file are those of a whole life');
});

test('samples and roll-ups of a damaged store are taken over, each value once', t => {
  const { store, data, path } = used(t, [1]);
  const keep = (each: Store): void => {
    while (each.keepHouse({ keepMs: 1e12, samplesMs: 1e9, leastRuns: 1 }, START_MS));
  };
  const sample = (metric: string, value: number) => ({
    ...{ timeMs: START_MS, source: 'system', labels: {}, metric, value },
  });
  store.addSamples([sample('load1', 1), sample('load5', 2)]);
  keep(store);
  store.addSamples([sample('load1', 3), sample('load15', 4)]);
  store.close();
  damageIndex(path, 'eventsByTime');
  const next = reopen(data);
  next.claim(anOwner());
  takeOverHistory(next, data, judge, START_MS);
  keep(next);
  const raw = next.samples('system', 'load1', {}, {}).map(({ value }) => value);
  assert.deepEqual(raw.sort(), [1, 3]);
  const counts = ['load1', 'load5', 'load15'].map(
    metric => next.rollups('system', metric, null, 'hour', {})[0]?.count,
  );
  assert.deepEqual(counts, [2, 1, 1]);
  assert.equal(next.rollups('collector', 'runtimeSeconds', null, 'day', {})[0]?.count, 1);
});

test('a page of the roll-ups that cannot be read costs what is on it, and no more', t => {
  const { store, data, path } = used(t, [1]);
  const hours = 2_000;
  store.addSamples(
    Array.from({ length: hours }, (_, hour) => ({
      ...{ timeMs: START_MS + hour * 3_600_000, source: 'system', labels: {}, metric: 'load1', value: hour },
    })),
  );
  while (store.keepHouse({ keepMs: 1e12, samplesMs: 1e15, leastRuns: 1 }, START_MS));
  store.close();
  damageLeaf(path, 'rollups');
  const next = reopen(data);
  next.claim(anOwner());
  takeOverHistory(next, data, judge, START_MS);
  const found = next.rollups('system', 'load1', null, 'hour', {});
  assert.ok(found.length > hours * 0.9 && found.length < hours, `${found.length} of ${hours}`);
  assert.ok(found.every(({ count }) => count === 1));
});

test('a fixed baseline of the damaged store counts when its runs are judged again', t => {
  const { store, data, path } = used(t, [1]);
  setBaseline(path);
  store.close();
  damageIndex(path, 'eventsByTime');
  const next = reopen(data);
  next.claim(anOwner());
  const means: (number | null)[] = [];
  takeOverHistory(
    next,
    data,
    (state, run, fixedMean) => {
      means.push(fixedMean?.('collector', 'memoryMb') ?? null, fixedMean?.('collector', 'other') ?? null);
      return judge(state, run);
    },
    START_MS,
  );
  assert.deepEqual(means, [7, null]);
});

test('a baseline that is set while the damaged store is being replaced is not lost', t => {
  const data = join(temporaryFolder(t), 'data');
  const store = reopen(data);
  const owner = anOwner();
  store.claim(owner);
  writeOwnerNote(data, owner, START_MS);
  const path = join(data, 'watchkeeper.db');
  let isReplacing = false;
  takeOverHistory(
    store,
    data,
    (state, run) => {
      if (isReplacing) setBaseline(path); // what can be read is read by then
      return judge(state, run);
    },
    START_MS,
  );
  record(store, 1);
  show(store, data);
  intoTheFile(path);
  damageIndex(path, 'eventsByTime');
  change(path, "INSERT INTO facts (key, value) VALUES ('other', '1')");
  isReplacing = true;
  store.anomaliesSince(0);
  assert.match(store.notices().join(), /damaged while in use/);
  assert.equal(store.baseline('collector', 'memoryMb')?.mean, 7);
});

test('whoever amends a store that is replaced meanwhile is told to try again', t => {
  const { store, data, path } = used(t, [1]);
  intoTheFile(path);
  const amend = (): void =>
    amending(dirname(data), writes => {
      damageIndex(path, 'eventsByTime');
      change(path, "INSERT INTO facts (key, value) VALUES ('other', '1')");
      store.anomaliesSince(0);
      assert.equal(asides(data).length > 0, true);
      writes.removeBaselines('collector', null);
    });
  assert.throws(amend, WatchkeeperError);
});

test('a damaged note of how far the roll-ups have got doubles nothing', t => {
  for (const text of ['x', '5', '{}', '{"run":"1","sample":0}']) {
    const { store, path } = used(t, [1, 2]);
    const keep = (): void => {
      while (store.keepHouse({ keepMs: 1e12, samplesMs: 1e9, leastRuns: 1 }, START_MS));
    };
    keep();
    change(path, `UPDATE facts SET value = '${text}' WHERE key IN ('rolledUp', 'calmClock')`);
    record(store, 3);
    keep();
    record(store, 4);
    keep();
    const count = store.rollups('collector', 'runtimeSeconds', null, 'day', {})[0]?.count;
    assert.equal(count, 3, `${text}: the one that came before the damage was met is left out`);
  }
});

test('the run after a removed one is shown and rolled up, although it has its number', t => {
  const { store, data, path } = used(t, [1, 2]);
  const file = new PerformanceFile(store, data);
  const keep = (): void => {
    while (store.keepHouse({ keepMs: 1e12, samplesMs: 1e9, leastRuns: 1 }, START_MS));
  };
  record(store, 3);
  keep();
  change(path, "UPDATE runs SET record = 'x' WHERE seq = 3");
  assert.deepEqual(runtimesOf(store), [1, 2]);
  file.write(at(1), 100);
  const id = record(store, 4);
  file.write(at(2), 100);
  assert.match(readFileSync(join(data, 'performance.json'), 'utf8'), new RegExp(id));
  keep();
  assert.equal(store.rollups('collector', 'runtimeSeconds', null, 'day', {})[0]?.count, 4);
});

test('a run that is taken from performance.json is found by its time again', t => {
  const { store, path } = used(t, [1, 2]);
  change(path, "UPDATE runs SET record = 'x', startedMs = 0 WHERE seq = 1");
  assert.deepEqual(runtimesOf(store), [1, 2]);
  const found = store.values('collector', 'runtimeSeconds', { sinceMs: 1 }).map(({ value }) => value);
  assert.deepEqual(found, [1, 2]);
});

test('a damaged store that is not ours any more stays as it is', t => {
  const { store, data, path } = used(t, [1, 2]);
  intoTheFile(path);
  writeOwnerNote(data, anOwner(), START_MS);
  overwrite(path, 4096, Buffer.alloc(statSync(path).size - 4096, 0x5a));
  assert.throws(() => record(store, 3), WatchkeeperError);
  assert.deepEqual(asides(data), []);
});

/** All that the log of SQLite holds is in the file, where the damage will be. */
function intoTheFile(path: string): void {
  change(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
}
