import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectedStore } from '../../src/store/projected.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun, aStore, closing, show } from './fixtures.ts';

failOnLeaks();

test('what the files of a fresh clone show can be asked for like a store: values, series, roll-ups, how runs ended', t => {
  const { store, data } = aStore(t);
  for (const outcome of ['ok', 'ok', 'error'] as const) store.recordRun(aRun({ outcome }), null);
  show(store, data);
  store.close();
  rmSync(join(data, 'watchkeeper.db'));
  const shown = projectedStore(data);
  assert.ok(shown !== null);
  closing(shown);
  assert.equal(shown.values('collector', 'runtimeSeconds', {}).length, 2);
  assert.equal(shown.rollups('collector', 'runtimeSeconds', null, 'day', {})[0]?.count, 2);
  assert.deepEqual(
    shown.outcomes('collector', 'day', {}).map(({ outcome, count }) => [outcome, count]),
    [
      ['ok', 2],
      ['error', 1],
    ],
  );
  assert.ok(shown.seriesNames('collector').some(({ metric }) => metric === 'memoryMb'));
  assert.equal(
    shown.rollups('collector', 'runtimeSeconds', null, 'day', {})[0]?.count,
    2,
    'asked twice, rolled up once',
  );
});
