import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import type { Sample } from '../../src/glossary/sample.ts';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { anOwner, aStore, reopen, START_MS } from './fixtures.ts';

failOnLeaks();

const aSample = (part: Partial<Sample> = {}): Sample => ({
  ...{ timeMs: START_MS, source: 'market-feed', metric: 'queueLength', labels: {}, value: 12 },
  ...part,
});

function rows(data: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(data, STORE_FILE), { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map(row => ({ ...row }));
  } finally {
    database.close();
  }
}

test('samples are stored in their order, each series once whatever the order of its labels', t => {
  const { store, data } = aStore(t);
  store.addSamples([
    aSample({ labels: { b: '2', a: '1' } }),
    aSample({ value: 3.5, timeMs: START_MS + 0.4 }),
  ]);
  store.addSamples([aSample({ labels: { a: '1', b: '2' }, value: -1 })]);
  store.addSamples([]);
  assert.deepEqual(rows(data, 'SELECT * FROM series ORDER BY id'), [
    { id: 1, source: 'market-feed', metric: 'queueLength', labels: '{"a":"1","b":"2"}' },
    { id: 2, source: 'market-feed', metric: 'queueLength', labels: '{}' },
  ]);
  assert.deepEqual(rows(data, 'SELECT timeMs, series, value FROM samples ORDER BY seq'), [
    { timeMs: START_MS, series: 1, value: 12 },
    { timeMs: START_MS, series: 2, value: 3.5 },
    { timeMs: START_MS, series: 1, value: -1 },
  ]);
});

test('of samples that cannot all be stored none is, nor a series of theirs', t => {
  const { store, data } = aStore(t);
  assert.throws(() => store.addSamples([aSample(), aSample({ value: Number.NaN })]), WatchkeeperError);
  assert.deepEqual(rows(data, 'SELECT * FROM samples'), []);
  assert.deepEqual(rows(data, 'SELECT * FROM series'), []);
});

test('whoever does not own the workspace any more adds no samples', t => {
  const { store, data } = aStore(t);
  const other = reopen(data);
  other.claim(anOwner(), store.owner()?.nonce ?? null);
  assert.throws(() => store.addSamples([aSample()]), { code: 'fenced' });
  assert.deepEqual(rows(data, 'SELECT * FROM samples'), []);
});

test('a series whose labels are damaged is passed over by whoever asks what there is', t => {
  const { store, data } = aStore(t);
  store.addSamples([aSample(), aSample({ labels: { queue: 'in' } })]);
  const database = new DatabaseSync(join(data, STORE_FILE));
  database.exec("UPDATE series SET labels = '{' WHERE id = 2");
  database.close();
  assert.deepEqual(
    store.seriesNames().map(({ labels }) => labels),
    [{}],
  );
});
