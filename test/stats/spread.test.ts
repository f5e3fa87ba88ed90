import assert from 'node:assert/strict';
import { test } from 'node:test';
import { medianAbsoluteDeviation, standardDeviation, variance } from '../../src/stats/spread.ts';

test('variance and standard deviation divide by n - 1', () => {
  // The classic example of 2, 4, 4, 4, 5, 5, 7, 9: squares sum to 32
  assert.equal(variance([2, 4, 4, 4, 5, 5, 7, 9]), 32 / 7);
  assert.equal(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), Math.sqrt(32 / 7));
});

test('a large level costs no digits', () => {
  // NIST StRD, NumAcc3: 1000000.2 with 500 pairs of 1000000.1 and 1000000.3; the certified standard deviation is 0.1
  const values = [1000000.2, ...Array.from({ length: 1000 }, (_, index) => 1000000.1 + (index % 2) * 0.2)];
  assert.ok(Math.abs((standardDeviation(values) ?? 0) - 0.1) < 1e-9);
});

test('the median absolute deviation is the published one, and is not moved by a wild value', () => {
  assert.equal(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9]), 1); // scipy.stats.median_abs_deviation too
  assert.equal(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 1e9]), 1);
});

test('too few values have no spread', () => {
  assert.equal(variance([]), null);
  assert.equal(standardDeviation([5]), null);
  assert.equal(medianAbsoluteDeviation([]), null);
  assert.equal(medianAbsoluteDeviation([5]), 0);
});
