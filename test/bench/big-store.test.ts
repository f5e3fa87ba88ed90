import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { anOwner, reopen, START_MS } from '../store/fixtures.ts';
import { writeBigStore } from './big-store.ts';

failOnLeaks();

const SIZE = { runs: 1_500, modules: 3, days: 2, customs: 1_500, samples: 12_000, endMs: START_MS };
const EVER = { keepMs: 1e13, samplesMs: 1e13, leastRuns: 100 };

interface Rollup {
  source: string;
  metric: string;
  labels: string;
  bucketMs: number;
  startMs: number;
  count: number;
  mean: number;
  squares: number;
  min: number;
  max: number;
  sketch: Uint8Array;
}

test('the made-up store has the roll-ups that the upkeep of a supervisor would have made', t => {
  const data = join(temporaryFolder(t), 'data');
  writeBigStore(data, SIZE);
  const made = rollupsOf(data);
  begunAnew(data);
  const store = reopen(data);
  store.claim(anOwner());
  while (store.keepHouse(EVER, START_MS));
  const kept = rollupsOf(data);
  assert.ok(made.length > 1_000);
  assert.deepEqual(made.map(exact), kept.map(exact));
  // Joined in another order, the last digits may differ.
  for (const [index, { mean, squares }] of made.entries()) {
    assert.ok(isNear(mean, kept[index]?.mean ?? Number.NaN), `mean of ${exact(made[index] as Rollup).name}`);
    assert.ok(isNear(squares, kept[index]?.squares ?? Number.NaN), `spread of ${index}`);
  }
});

test('the same size gives the same history', t => {
  const folders = ['a', 'b'].map(name => join(temporaryFolder(t), name));
  for (const folder of folders) writeBigStore(folder, { ...SIZE, runs: 60, customs: 60, samples: 200 });
  const [a, b] = folders.map(folder => [...rollupsOf(folder), ...samplesOf(folder)]);
  assert.deepEqual(a, b);
});

const exact = ({ mean: _mean, squares: _squares, source, metric, labels, ...rest }: Rollup) => ({
  ...{ name: `${source}.${metric}${labels}`, ...rest },
});

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), 1);

function rollupsOf(data: string): Rollup[] {
  return rows(
    data,
    `SELECT source, metric, labels, rollups.* FROM rollups JOIN series ON series.id = rollups.series
     ORDER BY source, metric, labels, bucketMs, startMs`,
  ).map(({ series: _series, ...row }) => row) as unknown as Rollup[];
}

const samplesOf = (data: string): object[] => rows(data, 'SELECT * FROM samples ORDER BY seq');

function rows(data: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(data, STORE_FILE), { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

function begunAnew(data: string): void {
  const database = new DatabaseSync(join(data, STORE_FILE));
  database.exec("DELETE FROM rollups; DELETE FROM facts WHERE key = 'rolledUp'");
  database.close();
}
