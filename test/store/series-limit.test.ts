import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Sample } from '../../src/glossary/sample.ts';
import type { ServiceState } from '../../src/glossary/service.ts';
import { countRestarts } from '../../src/service-restarts.ts';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import { MOST_SERIES } from '../../src/store/series.ts';
import type { Store } from '../../src/store/store.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun, aStore, START_MS } from './fixtures.ts';

failOnLeaks();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEEPING = { keepMs: 400 * DAY_MS, samplesMs: HOUR_MS, leastRuns: 100 };

const aSample = (part: Partial<Sample> = {}): Sample => ({
  ...{ timeMs: START_MS, source: 'feed', metric: 'latency', labels: {}, value: 12 },
  ...part,
});

/** Samples with a label that is new each time. */
function labelled(count: number, timeMs = START_MS): Sample[] {
  return Array.from({ length: count }, (_, index) =>
    aSample({ timeMs, labels: { request: `${timeMs}-${index}` } }),
  );
}

/** The housekeeping of every second hour. */
function keepFor(store: Store, fromMs: number, toMs: number): void {
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 2 * HOUR_MS) while (store.keepHouse(KEEPING, nowMs));
}

/** As many series as there may be, or so many, without a value. @param name SQL for source and metric, from a number `i` */
function fill(data: string, name: string, count = MOST_SERIES.together): void {
  using database = new DatabaseSync(join(data, STORE_FILE));
  database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO series (source, metric, labels) SELECT ${name}, '{}' FROM n`);
}

const seriesOf = (store: Store, metric: string): number =>
  store.seriesNames('feed').filter(each => each.metric === metric).length;

test('of a metric whose labels are new each time so many series are kept, and that is said once', t => {
  const { store } = aStore(t);
  store.addSamples(labelled(MOST_SERIES.ofMetric - 1));
  assert.deepEqual(store.notices(), []);
  store.addSamples([...labelled(5, START_MS + 1), aSample({ metric: 'queue' })]);
  store.addSamples(labelled(1, START_MS + 2));
  assert.equal(seriesOf(store, 'latency'), MOST_SERIES.ofMetric);
  assert.equal(seriesOf(store, 'queue'), 1, 'other metrics have their own places');
  assert.deepEqual(store.notices(), [
    'feed.latency has 1000 series, and further ones are not kept: report no labels that are new each time, such as ids or times',
  ]);
  assert.deepEqual(store.notices(), []);
  store.addSamples([aSample({ ...labelled(1)[0], value: 99 })]);
  assert.equal(
    store.samples('feed', 'latency', labelled(1)[0]?.labels ?? {}, {}).length,
    2,
    'known ones go on',
  );
});

test('series that have been silent for a week longer than they had lived make room, and no others', t => {
  const { store } = aStore(t);
  const steady = { queue: 'in' };
  store.addSamples([aSample({ labels: steady }), ...labelled(MOST_SERIES.ofMetric - 1)]);
  for (let day = 1; day <= 6; day += 1) {
    keepFor(store, START_MS + (day - 1) * DAY_MS, START_MS + day * DAY_MS);
    store.addSamples([aSample({ labels: steady, timeMs: START_MS + day * DAY_MS })]);
  }
  keepFor(store, START_MS + 6 * DAY_MS, START_MS + 6.5 * DAY_MS);
  assert.equal(seriesOf(store, 'latency'), MOST_SERIES.ofMetric, 'none is over yet');
  keepFor(store, START_MS + 6.5 * DAY_MS, START_MS + 8.5 * DAY_MS);
  assert.equal(seriesOf(store, 'latency'), MOST_SERIES.ofMetric - 100);
  assert.equal(store.rollups('feed', 'latency', null, 'day', {})[0]?.count, MOST_SERIES.ofMetric - 100);
  assert.equal(store.rollups('feed', 'latency', steady, 'day', {}).length, 7);
  store.addSamples(labelled(1, START_MS + 9 * DAY_MS));
  assert.equal(seriesOf(store, 'latency'), MOST_SERIES.ofMetric - 99, 'there is room again');
});

test('of series with more values than a slice removes a hundred make room, too', t => {
  const { store, data } = aStore(t);
  store.addSamples(labelled(MOST_SERIES.ofMetric));
  keepFor(store, START_MS, START_MS + 2 * DAY_MS);
  using database = new DatabaseSync(join(data, STORE_FILE));
  database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
    INSERT INTO rollups SELECT id, ${HOUR_MS}, i, 1, 1, 0, 1, 1, x'' FROM series, n`);
  keepFor(store, START_MS + 8 * DAY_MS, START_MS + 9.5 * DAY_MS);
  const left = seriesOf(store, 'latency');
  assert.ok(left <= MOST_SERIES.ofMetric - 100 && left > MOST_SERIES.ofMetric - 200, `${left}`);
});

test('a clock that is wrong makes no room', t => {
  const { store } = aStore(t);
  store.addSamples(labelled(MOST_SERIES.ofMetric));
  keepFor(store, START_MS, START_MS + 2 * DAY_MS);
  keepFor(store, START_MS + 365 * DAY_MS, START_MS + 365.9 * DAY_MS);
  assert.equal(seriesOf(store, 'latency'), MOST_SERIES.ofMetric);
});

test('names that are new each time have a limit together, and what is measured here is not hurt by them', t => {
  const { store, data } = aStore(t);
  fill(data, "'feed', 'rows_' || i");
  store.addSamples([aSample(), aSample({ source: 'system', metric: 'load1' })]);
  store.recordRun(aRun({ module: 'collector', custom: { rows_today: 7 } }), null);
  keepFor(store, START_MS, START_MS + HOUR_MS);
  assert.deepEqual(store.notices(), [
    'there are 10000 series, and further ones are not kept: report no sources, names or labels that are new each time, such as ids or times',
  ]);
  const metrics = (source: string) => store.seriesNames(source).map(({ metric }) => metric);
  assert.ok(!metrics('feed').includes('latency'));
  assert.deepEqual(metrics('system'), ['load1']);
  assert.ok(metrics('collector').includes('runtimeSeconds') && !metrics('collector').includes('rows_today'));
  assert.deepEqual(
    store.values('collector', 'rows_today', {}).map(({ value }) => value),
    [7],
    'the run itself has it',
  );
  keepFor(store, START_MS + 2 * HOUR_MS, START_MS + 26 * HOUR_MS);
  store.addSamples([aSample()]);
  assert.equal(seriesOf(store, 'latency'), 1, 'series without any value make room');
});

test('sources that are new each time make room as well, whatever they call their metrics', t => {
  const { store, data } = aStore(t);
  const memoryOf = (source: string): number => store.rollups(source, 'memoryMb', {}, 'day', {}).length;
  fill(data, "'job-' || i, 'memoryMb'");
  store.recordRun(aRun({ module: 'collector' }), null);
  keepFor(store, START_MS, START_MS);
  store.addSamples([aSample()]);
  assert.equal(seriesOf(store, 'latency'), 0);
  keepFor(store, START_MS + 2 * HOUR_MS, START_MS + 9 * DAY_MS);
  store.addSamples([aSample()]);
  assert.deepEqual([seriesOf(store, 'latency'), memoryOf('collector')], [1, 1]);
});

const aService = (name: string): ServiceState => ({
  ...{ name, status: 'starting', pid: 1, restartCount: 0, startedAt: null, lastProblem: null },
});

test('what is measured of a service has room from its first start on, and is not removed when it is over', t => {
  const { store, data } = aStore(t);
  const { ofMetric, together } = MOST_SERIES;
  const memory = (source: string, part = {}): Sample => aSample({ source, metric: 'memoryMb', ...part });
  const reported = labelled(ofMetric - 1).map(({ labels }) => memory('web', { labels }));
  const restarts = countRestarts(store, assert.fail);
  fill(data, "'feed', 'rows_' || i", together - reported.length);
  restarts.note(aService('web'));
  store.addSamples([memory('web'), ...reported, memory('db')]);
  assert.equal(store.seriesNames('web').length, ofMetric);
  assert.equal(store.seriesNames('db').length, 0, 'anybody may call a metric so');
  restarts.note(aService('db'));
  store.addSamples([memory('db'), memory('db', { labels: { worker: '1' } })]);
  assert.deepEqual(
    store.seriesNames('db').map(({ labels }) => labels),
    [{}],
  );
  keepFor(store, START_MS, START_MS);
  keepFor(store, START_MS + 8 * DAY_MS, START_MS + 9.5 * DAY_MS);
  assert.equal(store.seriesNames('web').length, ofMetric - 100);
  assert.equal(store.rollups('web', 'memoryMb', {}, 'day', {}).length, 1);
});

test('many series from before there was a limit are removed in small slices, and those that are not over stay', t => {
  const { store, data } = aStore(t);
  using database = new DatabaseSync(join(data, STORE_FILE));
  const count = (what: string): number =>
    Number(database.prepare(`SELECT count(*) AS count FROM ${what}`).get()?.['count']);
  const nowMs = START_MS + 2 * DAY_MS;
  keepFor(store, START_MS, nowMs);
  fill(data, "'feed', 'rows_' || i", 14_000);
  database.exec(`INSERT INTO rollups SELECT id, ${DAY_MS}, ${START_MS}, 1, 1, 0, 1, 1, x'' FROM series WHERE id <= 4000;
    INSERT INTO rollups SELECT 4001, ${HOUR_MS}, id, 1, 1, 0, 1, 1, x'' FROM series WHERE id <= 1200`);
  for (let isMore = true; isMore; ) {
    const [series, rows] = [count('series'), count('rollups')];
    isMore = store.keepHouse(KEEPING, nowMs + 2 * HOUR_MS);
    assert.ok(count('series') >= series - 100 && count('rollups') >= rows - 500);
  }
  assert.equal(count('series'), MOST_SERIES.together - 100);
  assert.equal(count('rollups'), 4_000);
});
