import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun, aStore, START_MS } from './fixtures.ts';

failOnLeaks();

const MINUTE_MS = 60_000;
const MANY = 20_200;
const EVER = { keepMs: 1e13, samplesMs: 1e13, leastRuns: 100 };

/** A run each minute, all alike but for the third and the fourth one, which alone have an accuracy. */
function addRuns(data: string): void {
  const { custom: _custom, ...run } = aRun({ module: 'a', runtimeSeconds: 1 });
  const database = new DatabaseSync(join(data, 'watchkeeper.db'));
  database
    .prepare(
      `WITH RECURSIVE each (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM each WHERE n + 1 < ?1)
       INSERT INTO runs (id, module, startedMs, record) SELECT
         'run' || n, 'a', ?2 + n * ?3, json_set(?4, '$.id', 'run' || n, '$.custom', json(iif(n IN (3, 4), '{"accuracy":0.9}', '{}')))
       FROM each`,
    )
    .run(MANY, START_MS, MINUTE_MS, JSON.stringify(run));
  database.close();
}

test('a metric that few of many runs have is found, before and after they are rolled up', t => {
  const { store, data } = aStore(t);
  addRuns(data);
  const found = [3, 4].map(n => ({ timeMs: START_MS + n * MINUTE_MS, value: 0.9, revision: '9fceb02' }));
  const ask = (range: Parameters<typeof store.values>[2]) => store.values('a', 'accuracy', range);
  const range = { sinceMs: START_MS + 4 * MINUTE_MS, untilMs: START_MS + MANY * MINUTE_MS };
  const isFound = (): void => {
    assert.deepEqual(ask({}), found);
    assert.deepEqual(ask({ newest: 1 }), found.slice(1));
    assert.deepEqual(ask(range), found.slice(1));
    assert.deepEqual(store.values('a', 'precision', {}), []);
  };
  isFound();
  while (store.keepHouse(EVER, START_MS));
  isFound();
});

test('the values of many runs are all there, oldest first, and of one metric after the other', t => {
  const { store, data } = aStore(t);
  addRuns(data);
  const times = store.values('a', 'runtimeSeconds', {}).map(({ timeMs }) => timeMs);
  assert.equal(times.length, MANY);
  assert.ok(times.every((time, index) => time === START_MS + index * MINUTE_MS));
  assert.equal(store.values('a', 'memoryMb', { newest: 2_500 }).length, 2_500);
  assert.equal(store.values('a', 'memoryMb', { newest: 2_500 })[0]?.timeMs, times.at(-2_500));
});

test('what is recorded or removed between two questions counts in the second, whoever did it', t => {
  const { store, data } = aStore(t);
  const range = { sinceMs: START_MS, untilMs: START_MS + MANY * MINUTE_MS };
  const both = (): number[][] =>
    [range, {}].map(each => store.values('a', 'runtimeSeconds', each).map(({ value }) => value));
  const record = (id: string, runtimeSeconds: number): void =>
    store.recordRun(aRun({ id, module: 'a', runtimeSeconds }), null);
  record('one', 1);
  assert.deepEqual(both(), [[1], [1]]);
  record('two', 2);
  assert.deepEqual(both(), [
    [1, 2],
    [1, 2],
  ]);
  using other = new DatabaseSync(join(data, 'watchkeeper.db'));
  other.exec("DELETE FROM runs WHERE id = 'one'");
  assert.deepEqual(both(), [[2], [2]]);
});
