import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aJudgement, anEvent, aRun, aStore, START_MS } from './fixtures.ts';

failOnLeaks();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEEPING = { keepMs: 400 * DAY_MS, samplesMs: HOUR_MS, leastRuns: 100 };
const iso = (ms: number): string => new Date(ms).toISOString();

function keepAll(store: ReturnType<typeof aStore>['store'], nowMs: number, keeping = KEEPING): void {
  while (store.keepHouse(keeping, nowMs));
}

test('the values of a metric are those of the runs that succeeded, in the order of recording', t => {
  const { store } = aStore(t);
  const ms = [5, 1, 2, 3].map(minutes => START_MS + minutes * 60_000); // the clock went back after the first
  for (const [index, startedMs] of ms.entries()) {
    const outcome = index === 2 ? 'error' : 'ok';
    store.recordRun(
      aRun({
        module: 'a',
        startedAt: iso(startedMs),
        outcome,
        runtimeSeconds: index + 1,
        revision: 'abc',
        custom: { rows: 10 * index },
      }),
      null,
    );
  }
  store.recordRun(aRun({ module: 'b', startedAt: iso(START_MS), runtimeSeconds: 9 }), null);
  const point = (index: number, value: number) => ({ timeMs: ms[index], value, revision: 'abc' });
  assert.deepEqual(
    store.values('a', 'runtimeSeconds', {}).map(each => ({ ...each })),
    [point(0, 1), point(1, 2), point(3, 4)],
  );
  assert.deepEqual(
    store.values('a', 'rows', { newest: 1 }).map(each => each.value),
    [30],
  );
  const range = { sinceMs: ms[1] ?? 0, untilMs: ms[3] ?? 0 };
  assert.deepEqual(
    store.values('a', 'runtimeSeconds', range).map(each => each.value),
    [2, 4],
  );
  assert.deepEqual(store.values('a', 'no.such"name', {}), []);
});

test('runs are rolled up by the hour and the day in which they started, each once', t => {
  const { store } = aStore(t);
  for (const [minutes, runtimeSeconds] of [
    [0, 1],
    [30, 3],
    [70, 5],
    [24 * 60, 7],
  ] as const) {
    const startedAt = iso(START_MS + minutes * 60_000);
    store.recordRun(aRun({ module: 'a', startedAt, runtimeSeconds, memoryMb: null }), null);
    keepAll(store, START_MS);
  }
  store.recordRun(
    aRun({ module: 'a', startedAt: iso(START_MS), outcome: 'timeout', runtimeSeconds: 60 }),
    null,
  );
  keepAll(store, START_MS);
  keepAll(store, START_MS);
  const hours = store.rollups('a', 'runtimeSeconds', null, 'hour', {});
  assert.deepEqual(
    hours.map(({ startMs, count, mean, min, max }) => [
      (startMs - START_MS) / HOUR_MS,
      count,
      mean,
      min,
      max,
    ]),
    [
      [0, 2, 2, 1, 3],
      [1, 1, 5, 5, 5],
      [24, 1, 7, 7, 7],
    ],
  );
  assert.equal(hours[0]?.standardDeviation, Math.SQRT2);
  assert.equal(hours[1]?.standardDeviation, null);
  const days = store.rollups('a', 'runtimeSeconds', null, 'day', {});
  assert.deepEqual(
    days.map(({ count, mean }) => [count, mean]),
    [
      [3, 3],
      [1, 7],
    ],
  );
  assert.ok(Math.abs((days[0]?.p50 ?? 0) - 3) <= 0.03);
  assert.deepEqual(store.rollups('a', 'memoryMb', null, 'hour', {}), []);
  assert.deepEqual(store.outcomes('a', 'day', {}), [
    { startMs: START_MS - 12 * HOUR_MS, outcome: 'ok', count: 3, runtimeSeconds: 9 },
    { startMs: START_MS - 12 * HOUR_MS, outcome: 'timeout', count: 1, runtimeSeconds: 60 },
    { startMs: START_MS + 12 * HOUR_MS, outcome: 'ok', count: 1, runtimeSeconds: 7 },
  ]);
  assert.ok(store.seriesNames('a').every(({ metric }) => !metric.startsWith('@')));
});

test('samples are kept raw for their time, and rolled up for ever', t => {
  const { store } = aStore(t);
  const sample = (minutes: number, core: string, value: number) => ({
    ...{ timeMs: START_MS + minutes * 60_000, source: 'system', metric: 'cpuPercent' },
    ...{ labels: { core, host: 'here' }, value },
  });
  store.addSamples([sample(0, '0', 10), sample(0, '1', 30), sample(10, '0', 20), sample(61, '1', 40)]);
  store.addSamples([]);
  keepAll(store, START_MS);
  keepAll(store, START_MS + 65 * 60_000);
  const values = (labels: Record<string, string> | null) =>
    store.samples('system', 'cpuPercent', labels, {}).map(({ value }) => value);
  assert.deepEqual(values(null), [20, 40]);
  assert.deepEqual(values({ host: 'here', core: '0' }), [20]);
  const hours = store.rollups('system', 'cpuPercent', null, 'hour', {});
  assert.deepEqual(
    hours.map(({ count, mean, max }) => [count, mean, max]),
    [
      [3, 20, 30],
      [1, 40, 40],
    ],
  );
  assert.deepEqual(
    store.rollups('system', 'cpuPercent', { core: '1', host: 'here' }, 'hour', {}).map(({ mean }) => mean),
    [30, 40],
  );
  assert.deepEqual(
    store.seriesNames('system').map(({ labels }) => labels['core']),
    ['0', '1'],
  );
});

test('the more samples wait, the more a slice takes in: a flood does not stay ahead of the roll-ups', t => {
  const { store } = aStore(t);
  const sample = { timeMs: START_MS, source: 'feed', metric: 'queue', labels: {}, value: 1 };
  const takenIn = (): number => (store.fact('rolledUp') as { sample: number }).sample;
  for (const [added, reached] of [
    [1_000, 200],
    [50_000, 200 + 1_016],
  ] as const) {
    store.addSamples(Array.from({ length: added }, () => sample));
    assert.equal(store.keepHouse(KEEPING, START_MS), true);
    assert.equal(takenIn(), reached);
  }
  keepAll(store, START_MS);
  assert.equal(takenIn(), 51_000);
});

test('what a clock that was ahead has left in the future is removed', t => {
  const { store } = aStore(t);
  const far = { timeMs: START_MS + 365 * DAY_MS, source: 'a', metric: 'm', labels: {}, value: 1 };
  store.addSamples([far]);
  keepAll(store, START_MS);
  assert.equal(store.samples('a', 'm', null, {}).length, 1, 'the clock is not known to be right yet');
  keepAll(store, START_MS + HOUR_MS);
  assert.deepEqual(store.samples('a', 'm', null, {}), []);
});

test('a clock that is wrong for a moment costs no samples, in whichever direction', t => {
  const { store } = aStore(t);
  store.addSamples([{ timeMs: START_MS, source: 'a', metric: 'm', labels: {}, value: 1 }]);
  for (const minutes of [0, 30, 60])
    keepAll(store, START_MS + minutes * 60_000, { ...KEEPING, samplesMs: DAY_MS });
  for (const nowMs of [0, START_MS + 365 * DAY_MS, 0, START_MS + HOUR_MS])
    keepAll(store, nowMs, { ...KEEPING, samplesMs: DAY_MS });
  assert.equal(store.samples('a', 'm', null, {}).length, 1);
});

test('values too large for a mean do not keep the others from being rolled up', t => {
  const { store } = aStore(t);
  const values = [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE, 1, 3];
  store.addSamples(values.map(value => ({ timeMs: START_MS, source: 'a', metric: 'm', labels: {}, value })));
  keepAll(store, START_MS);
  const [hour] = store.rollups('a', 'm', null, 'hour', {});
  assert.deepEqual([hour?.count, hour?.mean, hour?.standardDeviation], [2, 2, Math.SQRT2]);
  assert.deepEqual(
    store
      .samples('a', 'm', null, {})
      .map(({ value }) => value)
      .sort(),
    [1, 3],
    'what no figures can be made of is none',
  );
});

test('what is too old of many modules and iterations is removed in slices, all of it in the end', t => {
  const { store, data } = aStore(t);
  const database = new DatabaseSync(join(data, STORE_FILE));
  const run = database.prepare('INSERT INTO runs (id, module, record, startedMs) VALUES (?, ?, ?, ?)');
  const iteration = database.prepare(
    'INSERT INTO iterations (iteration, startedAt, endedAt) VALUES (?, ?, ?)',
  );
  database.exec('BEGIN');
  for (let index = 1; index <= 2_000; index += 1) {
    const each = aRun({ module: `m${index % 4}`, startedAt: iso(START_MS + index) });
    run.run(each.id, each.module, JSON.stringify(each), START_MS + index);
    const endedAt = index % 2 === 0 ? iso(START_MS + index) : null; // every second one was killed
    iteration.run(index, iso(START_MS + index), endedAt);
  }
  for (let module = 0; module < 4; module += 1)
    database.exec(`INSERT INTO modules (name, lastSeq) VALUES ('m${module}', 2000)`);
  database.exec('COMMIT');
  database.close();
  const keeping = { ...KEEPING, keepMs: DAY_MS, leastRuns: 3 };
  const nowMs = START_MS + 10 * DAY_MS;
  for (let hours = 0; hours < 24; hours += 1) keepAll(store, nowMs + hours * HOUR_MS, keeping);
  const count = () => [0, 1, 2, 3].reduce((sum, module) => sum + store.runs(`m${module}`, 9_999).length, 0);
  assert.equal(count(), 2_000);
  assert.equal(store.keepHouse(keeping, nowMs + DAY_MS), true);
  assert.equal(count(), 1_500, 'a slice of all modules together');
  keepAll(store, nowMs + DAY_MS, keeping);
  assert.equal(count(), 12);
  assert.equal(store.iterationsBetween(0, nowMs), 1);
  assert.equal(store.startIteration(iso(nowMs)), 2_001);
});

test('old runs are removed, after a day of a calm clock, and never those that performance.json shows', t => {
  const { store } = aStore(t);
  const keeping = { ...KEEPING, keepMs: 10 * DAY_MS, leastRuns: 2 };
  for (let day = 0; day < 20; day += 1) {
    const iteration = store.startIteration(iso(START_MS + day * DAY_MS));
    store.recordRun(
      aRun({ module: 'a', iteration, startedAt: iso(START_MS + day * DAY_MS), runtimeSeconds: day }),
      null,
    );
    store.finishIteration(iteration, { endedAt: iso(START_MS + day * DAY_MS), message: '', status: 'ok' });
  }
  for (let day = 0; day < 3; day += 1)
    store.recordRun(
      aRun({ module: 'old', startedAt: iso(START_MS - day * DAY_MS), runtimeSeconds: 1 }),
      null,
    );
  const days = () => store.values('a', 'runtimeSeconds', {}).map(({ value }) => value);
  const nowMs = START_MS + 20 * DAY_MS;
  keepAll(store, nowMs, keeping);
  assert.equal(days().length, 20, 'the clock is not known to be right yet');
  for (let hours = 1; hours <= 23; hours += 1) keepAll(store, nowMs + hours * HOUR_MS, keeping);
  assert.equal(days().length, 20);
  keepAll(store, nowMs + 24 * HOUR_MS, keeping);
  assert.deepEqual(days(), [11, 12, 13, 14, 15, 16, 17, 18, 19]);
  assert.equal(store.values('old', 'runtimeSeconds', {}).length, 2);
  assert.equal(store.iterationCount(), 20);
  assert.equal(store.startIteration(iso(nowMs)), 21);
  assert.equal(store.rollups('a', 'runtimeSeconds', null, 'day', {}).length, 20);
  assert.equal(store.counts('a').successCount, 20);
});

test('incidents that ended as long ago are removed, and neither open ones nor their lines', t => {
  const { store } = aStore(t);
  const keeping = { ...KEEPING, keepMs: 10 * DAY_MS };
  const event = (incident: string, day: number, part: Partial<AnomalyEvent> = {}) =>
    anEvent({ incident, time: iso(START_MS + day * DAY_MS), ...part });
  const judge = (events: AnomalyEvent[], openIncident: string | null) =>
    store.recordRun(aRun(), aJudgement(events, openIncident));
  judge([event('old', 0), event('old', 1, { event: 'recovered', runsOpen: 1 })], null);
  judge([event('new', 1), event('new', 12, { event: 'recovered', runsOpen: 1 })], null);
  judge([event('open', 0)], 'open');
  const ids = () => store.incidents().map(({ id }) => id);
  for (let hours = 0; hours <= 24; hours += 1)
    keepAll(store, START_MS + 9 * DAY_MS + hours * HOUR_MS, keeping);
  assert.deepEqual(ids(), ['open', 'new', 'old']);
  for (let hours = 0; hours <= 48; hours += 1)
    keepAll(store, START_MS + 10 * DAY_MS + hours * HOUR_MS, keeping);
  assert.deepEqual(ids(), ['open', 'new']);
  assert.equal(store.linesAfter(0, 99).length, 5);
});

test('a clock that is a year ahead for some hours costs no run', t => {
  const { store } = aStore(t);
  const keeping = { ...KEEPING, keepMs: 10 * DAY_MS, leastRuns: 1 };
  for (let day = 0; day < 5; day += 1)
    store.recordRun(
      aRun({ module: 'a', startedAt: iso(START_MS + day * DAY_MS), runtimeSeconds: day }),
      null,
    );
  for (let hours = 0; hours <= 48; hours += 1) keepAll(store, START_MS + hours * HOUR_MS, keeping);
  for (let hours = 0; hours <= 20; hours += 1)
    keepAll(store, START_MS + 365 * DAY_MS + hours * HOUR_MS, keeping);
  for (let hours = 0; hours <= 48; hours += 1)
    keepAll(store, START_MS + 3 * DAY_MS + hours * HOUR_MS, keeping);
  assert.equal(store.values('a', 'runtimeSeconds', {}).length, 5);
});

test('what is not in the roll-ups yet is read with them, and counts once whenever it is taken in', t => {
  const { store } = aStore(t);
  const sample = (minutes: number, value: number) => ({
    ...{
      timeMs: START_MS + minutes * 60_000,
      source: 'feed',
      metric: 'queue',
      labels: { side: 'in' },
      value,
    },
  });
  const run = (minutes: number, part: Parameters<typeof aRun>[0]) =>
    store.recordRun(aRun({ module: 'a', startedAt: iso(START_MS + minutes * 60_000), ...part }), null);
  const seen = () => ({
    outcomes: store.outcomes('a', 'hour', {}),
    runtime: store.rollups('a', 'runtimeSeconds', null, 'hour', {}),
    cpu: store.rollups('a', 'cpuSeconds', {}, 'hour', {}),
    queue: store.rollups('feed', 'queue', { side: 'in' }, 'day', {}),
    names: store.seriesNames(),
  });
  run(0, { runtimeSeconds: 1 });
  run(70, { runtimeSeconds: 2 });
  store.addSamples([sample(0, 10)]);
  keepAll(store, START_MS);
  run(75, { runtimeSeconds: 4, custom: { late: 1 } });
  run(80, { runtimeSeconds: 60, cpuSeconds: 30, outcome: 'timeout' });
  store.addSamples([sample(5, 30)]);
  const before = seen();
  assert.deepEqual(
    before.outcomes.map(({ outcome, count, runtimeSeconds }) => [outcome, count, runtimeSeconds]),
    [
      ['ok', 1, 1],
      ['ok', 2, 6],
      ['timeout', 1, 60],
    ],
  );
  assert.deepEqual(
    before.runtime.map(({ count, mean, max }) => [count, mean, max]),
    [
      [1, 1, 1],
      [2, 3, 4],
    ],
  );
  const { count = 0, mean = 0 } = before.cpu[1] ?? {};
  assert.ok(Math.abs(count * mean - 30.612) < 1e-9, 'the CPU time of failed runs was used as well');
  assert.deepEqual(
    before.queue.map(({ count: of, mean: level }) => [of, level]),
    [[2, 20]],
  );
  assert.ok(before.names.some(({ source, metric }) => source === 'a' && metric === 'late'));
  assert.deepEqual(store.rollups('a', 'runtimeSeconds', { side: 'in' }, 'hour', {}), []);
  assert.equal(store.rollups('a', 'runtimeSeconds', null, 'hour', { newest: 1 })[0]?.count, 2);
  assert.deepEqual(store.rollups('a', 'runtimeSeconds', null, 'hour', { untilMs: START_MS - 1 }), []);
  keepAll(store, START_MS);
  assert.deepEqual(seen(), before);
});

test('a custom metric is not taken for a field of the run, nor for what is measured of it', t => {
  const { store } = aStore(t);
  const custom = { iteration: 100, cpuSeconds: 9, memoryMb: 9, samplesPerSecond: 5 };
  store.recordRun(aRun({ module: 'a', iteration: 1, memoryMb: null, cpuSeconds: 0.5, custom }), null);
  const value = (metric: string) => store.values('a', metric, {})[0]?.value ?? null;
  assert.deepEqual(['iteration', 'cpuSeconds', 'memoryMb', 'samplesPerSecond', 'attempt'].map(value), [
    100,
    0.5,
    null,
    5,
    null,
  ]);
  assert.deepEqual(
    store.rollups('a', 'cpuSeconds', null, 'hour', {}).map(({ count, mean }) => [count, mean]),
    [[1, 0.5]],
  );
});
