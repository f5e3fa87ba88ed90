import assert from 'node:assert/strict';
import { test } from 'node:test';
import { theilSen } from '../../src/stats/theil-sen.ts';

function near(found: number | undefined, expected: number): void {
  assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-12, `${found}, not ${expected}`);
}

test('slope, intercept and interval are those of SciPy', () => {
  // SciPy 1.17.1: theilslopes(y, x, 0.95) and, with gaps, ties and wild values, theilslopes(y, x, 0.9)
  const first = theilSen([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 2, 5, 4, 7, 9, 8, 12, 10], 0.05);
  near(first?.slope, 1.2);
  near(first?.intercept, 0.6);
  near(first?.interval.low, 0.8333333333333334);
  near(first?.interval.high, 1.5);
  const second = theilSen([0, 1, 2, 4, 5, 7, 8, 11, 12, 13], [2, 2, 3, 5, 4, 4, 7, 1, 9, 30], 0.1);
  near(second?.slope, 0.6);
  near(second?.intercept, 0.4);
  near(second?.interval.low, 0.2857142857142857);
  near(second?.interval.high, 1);
});

test('a quarter of wild values does not move it', () => {
  const values = Array.from({ length: 40 }, (_, index) => (index % 4 === 3 ? 1e6 : 3 * index));
  const places = values.map((_, index) => index);
  assert.ok((theilSen(places, values, 0.05)?.slope ?? 0) < 10);
});

test('one place has no slope', () => {
  assert.equal(theilSen([], [], 0.05), null);
  assert.equal(theilSen([5, 5], [1, 2], 0.05), null);
});
