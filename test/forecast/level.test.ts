import assert from 'node:assert/strict';
import { test } from 'node:test';
import { level } from '../../src/forecast/level.ts';
import { naive } from '../../src/forecast/naive.ts';
import { seasonalNaive } from '../../src/forecast/seasonal-naive.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { assertClose } from './close-to.ts';

const PLAIN = { period: null, seed: 1 };

test('"same as last time" repeats the last value', () => {
  assertClose(naive.fit(Float64Array.of(1, 2), PLAIN)?.forecast(Float64Array.of(1, 2, 5), 3), [5, 5, 5], 0);
  assert.equal(naive.fit(new Float64Array(0), PLAIN), null);
});

test('"same as one season ago" repeats the last season', () => {
  const values = Float64Array.of(9, 9, 9, 1, 2, 3);
  assertClose(seasonalNaive.fit(values, { period: 3, seed: 1 })?.forecast(values, 5), [1, 2, 3, 1, 2], 0);
  assert.equal(seasonalNaive.fit(values, PLAIN), null);
  assert.equal(seasonalNaive.fit(values, { period: 7, seed: 1 }), null);
});

test('the level of noise is its middle, whatever its outliers', () => {
  const random = seededRandom(1);
  const values = Float64Array.from({ length: 300 }, (_, at) => (at % 10 === 0 ? 1000 : 5 + gaussian(random)));
  assertClose(level.fit(values, PLAIN)?.forecast(values, 2), [5, 5], 0.5);
});

test('a level that wanders is followed by a short window', () => {
  const values = Float64Array.from({ length: 300 }, (_, at) => at);
  assertClose(level.fit(values, PLAIN)?.forecast(values, 1), [297], 0); // the median of the last five
});
