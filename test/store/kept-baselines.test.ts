import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import type { KeptBaseline } from '../../src/baseline/kept.ts';
import { givenBaseline } from '../../src/baseline/make-baseline.ts';
import { amending } from '../../src/store/amend.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { aRun, aStore, at } from './fixtures.ts';

failOnLeaks();

function aBaseline(module: string, metric: string, mean: number): KeptBaseline {
  return { ...givenBaseline(mean), module, metric, setAt: at(0), source: 'said so', values: [], timesMs: [] };
}

test('baselines are set, replaced and removed beside the one who holds the store', t => {
  const { store, data } = aStore(t);
  const set = (...baselines: KeptBaseline[]) =>
    amending(dirname(data), writes => writes.setBaselines(baselines));
  const removed = (module: string, metric: string | null) =>
    amending(dirname(data), writes => writes.removeBaselines(module, metric));
  set(aBaseline('b', 'runtimeSeconds', 1), aBaseline('a', 'memoryMb', 2));
  set(aBaseline('b', 'runtimeSeconds', 3), aBaseline('b', 'memoryMb', 4));
  store.recordRun(aRun(), null); // the supervisor goes on writing
  assert.deepEqual(
    store.baselines().map(({ module, metric, mean }) => [module, metric, mean]),
    [
      ['a', 'memoryMb', 2],
      ['b', 'memoryMb', 4],
      ['b', 'runtimeSeconds', 3],
    ],
  );
  assert.deepEqual(store.baseline('a', 'memoryMb'), aBaseline('a', 'memoryMb', 2));
  assert.equal(store.baseline('a', 'runtimeSeconds'), null);
  assert.equal(removed('b', 'memoryMb'), 1);
  assert.equal(removed('b', null), 1);
  assert.equal(removed('b', null), 0);
  assert.deepEqual(
    store.baselines().map(({ module }) => module),
    ['a'],
  );
});

test('where no store is, there is nothing to amend', t => {
  assert.throws(
    () => amending(temporaryFolder(t), () => 0),
    /watchkeeper\.db is not there: start the supervisor/,
  );
});
