import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openToRead } from '../../src/store/open-to-read.ts';
import type { Store } from '../../src/store/store.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun, aStore, at, closing, START_MS } from './fixtures.ts';

failOnLeaks();

/** Their iterations say which runs these are. */
function iterations(store: Store, range: Parameters<Store['runPages']>[0] = {}, size = 3): number[][] {
  return [...store.runPages(range, size)].map(page => page.map(({ iteration }) => iteration));
}

function record(store: Store, iteration: number, part: Parameters<typeof aRun>[0] = {}): void {
  store.recordRun(aRun({ iteration, startedAt: at(iteration), ...part }), null);
}

test('runs come in pages, in the order in which they were recorded', t => {
  const { store } = aStore(t);
  for (const iteration of [1, 2, 3, 4, 5, 6, 7]) record(store, iteration);
  assert.deepEqual(iterations(store), [[1, 2, 3], [4, 5, 6], [7]]);
  assert.deepEqual(iterations(store, {}, 7), [[1, 2, 3, 4, 5, 6, 7]]);
  assert.deepEqual(iterations(store, {}, 1).flat(), [1, 2, 3, 4, 5, 6, 7]);
});

test('a store without runs has no page', t => {
  const { store } = aStore(t);
  assert.deepEqual(iterations(store), []);
  assert.deepEqual([store.newestRun(), store.customMetrics({})], [0, []]);
});

test('a range has its beginning and not its end, and a clock that jumped back changes no order', t => {
  const { store } = aStore(t);
  for (const iteration of [1, 2, 9, 3, 4, 5]) record(store, iteration);
  const since = START_MS + 3_000;
  assert.deepEqual(iterations(store, { sinceMs: since }).flat(), [9, 3, 4, 5]);
  assert.deepEqual(iterations(store, { sinceMs: since, untilMs: since + 2_000 }).flat(), [3, 4]);
  assert.deepEqual(iterations(store, { untilMs: since }).flat(), [1, 2]);
  assert.deepEqual(iterations(store, { sinceMs: since + 0.5 }).flat(), [9, 3, 4, 5]);
});

test('a moment that no calendar has is before or after all', t => {
  const { store } = aStore(t);
  record(store, 1);
  for (const sinceMs of [-1e300, -1e9]) assert.deepEqual(iterations(store, { sinceMs }), [[1]]);
  assert.deepEqual(iterations(store, { untilMs: 1e300 }), [[1]]);
  assert.deepEqual(iterations(store, { sinceMs: 1e300 }), []);
});

test('one module alone, and its custom metrics', t => {
  const { store } = aStore(t);
  record(store, 1, { custom: { b: 1, a: 2 } });
  record(store, 2, { module: 'other', custom: { c: 1 } });
  record(store, 3, { custom: {} });
  assert.deepEqual(iterations(store, { module: 'collector' }), [[1, 3]]);
  assert.deepEqual(store.customMetrics({}), ['a', 'b', 'c']);
  assert.deepEqual(store.customMetrics({ module: 'other' }), ['c']);
  assert.deepEqual(store.customMetrics({ sinceMs: START_MS + 3_000 }), []);
});

test('what is recorded while the pages are read follows, unless the range ends before it', t => {
  const { store } = aStore(t);
  for (const iteration of [1, 2, 3]) record(store, iteration);
  const lastSeq = store.newestRun();
  const [open, ended] = [store.runPages({}, 2), store.runPages({ lastSeq }, 2)];
  const first = [open.next().value, ended.next().value];
  record(store, 4);
  const count = (pages: unknown[][]): number => pages.flat().length;
  assert.deepEqual(
    first.map(page => page?.length),
    [2, 2],
  );
  assert.deepEqual([count([...open]), count([...ended])], [2, 1]);
});

test('a reader between two pages holds nothing back: all of the log is taken into the store', t => {
  const { store, data } = aStore(t);
  for (const iteration of [1, 2, 3]) record(store, iteration);
  const reader = closing(openToRead(join(data, 'watchkeeper.db')));
  const pages = reader.runPages({}, 2);
  assert.equal(pages.next().value?.length, 2);
  record(store, 4);
  const writer = closing(new DatabaseSync(join(data, 'watchkeeper.db')));
  const { busy } = writer.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
  assert.equal(busy, 0);
  assert.deepEqual(
    [...pages].flat().map(({ iteration }) => iteration),
    [3, 4],
  );
});

test('a damaged record is met when it is read, in words, whatever is asked for', t => {
  const { store, data } = aStore(t);
  for (const iteration of [1, 2, 3]) record(store, iteration);
  const other = closing(new DatabaseSync(join(data, 'watchkeeper.db')));
  other.exec("UPDATE runs SET record = '{' WHERE seq = 2");
  const reader = closing(openToRead(join(data, 'watchkeeper.db')));
  assert.deepEqual(reader.customMetrics({}), ['rowsCollected']);
  for (const range of [{}, { sinceMs: START_MS }, { untilMs: START_MS + 1e6 }]) {
    assert.throws(() => iterations(reader, range), /holds a damaged record/);
  }
});
