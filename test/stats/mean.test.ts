import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean } from '../../src/stats/mean.ts';
import { fc } from '../helpers/properties.ts';

test('no values have no mean, one value is its own', () => {
  assert.equal(mean([]), null);
  assert.equal(mean([0.1]), 0.1);
});

test('the certified means of two data sets are met', () => {
  // NIST Statistical Reference Datasets, univariate summary statistics: NumAcc1 and NumAcc2.
  assert.equal(mean([10000001, 10000003, 10000002]), 10000002);
  const numAcc2 = Array.from({ length: 1001 }, (_, index) =>
    index === 0 ? 1.2 : index % 2 === 1 ? 1.1 : 1.3,
  );
  assert.ok(Math.abs((mean(numAcc2) ?? 0) - 1.2) < 1e-13);
});

test('a sum that no double holds still has its mean', () => {
  assert.equal(mean([Number.MAX_VALUE, Number.MAX_VALUE]), Number.MAX_VALUE);
  assert.equal(mean([1e308, 1e308, -1e308, -1e308]), 0);
});

test('the mean lies between the least and the greatest value', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), values => {
      const average = mean(values) ?? Number.NaN;
      const slack = 1e-6;
      assert.ok(average >= Math.min(...values) - slack && average <= Math.max(...values) + slack);
    }),
  );
});
