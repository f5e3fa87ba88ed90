import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from '../../src/stats/quantile.ts';
import { fc } from '../helpers/properties.ts';

test('type 7 gives the published values', () => {
  // The worked example of NumPy's percentile: np.percentile([[10, 7, 4], [3, 2, 1]], 50) is 3.5
  assert.equal(quantile([10, 7, 4, 3, 2, 1], 0.5), 3.5);
  // Excel's documentation of PERCENTILE.INC: the 30th percentile of 1, 2, 3, 4 is 1.9; and of QUARTILE.INC
  // for 1, 2, 4, 7, 8, 9, 10, 12: the first quartile is 3.5
  assert.equal(quantile([1, 3, 2, 4], 0.3), 1.9);
  assert.equal(quantile([1, 2, 4, 7, 8, 9, 10, 12], 0.25), 3.5);
  // R: quantile(c(3, 6, 7, 8, 8, 10, 13, 15, 16, 20)) is 3.00 7.25 9.00 14.50 20.00
  const values = [3, 6, 7, 8, 8, 10, 13, 15, 16, 20];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map(p => quantile(values, p)),
    [3, 7.25, 9, 14.5, 20],
  );
});

test('no values have no quantile, one value is every quantile', () => {
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile([], 0), null);
  for (const p of [0, 0.3, 1]) assert.equal(quantile([7], p), 7);
});

test('a p outside 0 to 1 counts as the nearer end', () => {
  assert.equal(quantile([1, 2, 3], -1), 1);
  assert.equal(quantile([1, 2, 3], 2), 3);
});

test('values may come in any order, are sorted as numbers, and are left as they were', () => {
  const values = [10, 9, 100, 1];
  assert.equal(quantile(values, 1), 100);
  assert.deepEqual(values, [10, 9, 100, 1]);
  assert.equal(quantile(Float64Array.of(100, 1, 10, 9), 0.5), 9.5);
});

test('quantiles grow with p and stay within the values', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), p, p, (values, one, other) => {
      const low = quantile(values, Math.min(one, other)) ?? Number.NaN;
      const high = quantile(values, Math.max(one, other)) ?? Number.NaN;
      const slack = 1e-6;
      assert.ok(low <= high + slack);
      assert.ok(low >= Math.min(...values) - slack && high <= Math.max(...values) + slack);
    }),
  );
});
