import assert from 'node:assert/strict';
import { test } from 'node:test';
import { period } from '../../src/stats/period.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

test('it finds the period of a noisy season', () => {
  const random = seededRandom(1);
  for (const length of [7, 24, 96]) {
    const values = Array.from(
      { length: 8 * length },
      (_, index) => 10 + 2 * Math.sin((2 * Math.PI * index) / length) + 0.5 * gaussian(random),
    );
    const found = period(values) ?? 0;
    assert.ok(Math.abs(found - length) <= 1, `${found}, not ${length}`);
  }
});

test('it finds a short pattern exactly', () => {
  assert.equal(period([1, 5, 2, 1, 5, 2, 1, 5, 2, 1, 5, 2]), 3);
});

test('noise, a ramp, equal values and very few values have none', () => {
  const random = seededRandom(2);
  assert.equal(period(Array.from({ length: 500 }, () => gaussian(random))), null);
  assert.equal(period(Array.from({ length: 300 }, (_, index) => index)), null);
  assert.equal(period(Array.from({ length: 100 }, () => 3)), null);
  assert.equal(period([]), null);
  assert.equal(period([1, 2]), null);
});
