import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outliersIn } from '../../src/stats/outliers.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

test('single wild values are named by their index, to both sides', () => {
  assert.deepEqual(outliersIn([1, 1.1, 0.9, 1, 1.05, 0.95, 1, 1.02, 0.98, 1, 9]), [10]);
  const values = Array.from({ length: 40 }, (_, index) => 10 + (index % 7) / 10);
  assert.deepEqual(outliersIn(values.with(5, 40).with(20, 1).with(33, 40)), [5, 20, 33]);
});

test('of equal wild values as many are named as there are too many', () => {
  const values = Array.from({ length: 30 }, (_, index) => 5 + (index % 5) / 10);
  assert.deepEqual(outliersIn(values.with(3, 50).with(4, 50)), [3, 4]);
});

test('a second mode is no outlier', () => {
  const random = seededRandom(3);
  const values = Array.from(
    { length: 100 },
    (_, index) => Math.exp(0.03 * gaussian(random)) * (index % 4 === 0 ? 1.3 : 1),
  );
  assert.deepEqual(outliersIn(values), []);
});

test('normal histories seldom have one, of whatever length', () => {
  const random = seededRandom(8);
  for (const length of [20, 200]) {
    const flagged = Array.from({ length: 300 }, () =>
      outliersIn(Array.from({ length }, () => Math.exp(0.3 * gaussian(random)))),
    ).filter(found => found.length > 0).length;
    assert.ok(flagged <= 10, `${flagged} of 300 at ${length}`); // 3 expected
  }
});

test('few values, equal values and zeros have none', () => {
  assert.deepEqual(outliersIn([1, 1, 1, 1, 1, 1, 99]), []);
  assert.deepEqual(outliersIn(Array.from({ length: 50 }, () => 0)), []);
  assert.deepEqual(outliersIn([]), []);
});
