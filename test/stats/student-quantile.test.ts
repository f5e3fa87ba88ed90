import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalQuantile } from '../../src/stats/normal.ts';
import { studentQuantile } from '../../src/stats/student-quantile.ts';

test('the normal quantile agrees with published tables', () => {
  for (const [p, expected] of [
    [0.5, 0],
    [0.8413447461, 1],
    [0.975, 1.959963985],
    [0.999, 3.090232306],
    [0.01, -2.326347874],
    [1e-6, -4.753424309],
  ] as const) {
    assert.ok(Math.abs(normalQuantile(p) - expected) < 1e-7, `${p}: ${normalQuantile(p)}`);
  }
  assert.equal(normalQuantile(0), Number.NEGATIVE_INFINITY);
  assert.equal(normalQuantile(1), Number.POSITIVE_INFINITY);
});

test("Student's quantile agrees with published tables", () => {
  for (const [twoTailed, freedom, expected] of [
    [0.05, 1, 12.7062],
    [0.05, 2, 4.302653],
    [0.05, 3, 3.182446],
    [0.01, 4, 4.604095],
    [0.05, 10, 2.228139],
    [0.001, 10, 4.586894],
    [0.001, 30, 3.645959],
    [0.01, 60, 2.660283],
    [0.05, 120, 1.97993],
    [0.0001, 5, 11.17771],
  ] as const) {
    const found = studentQuantile(twoTailed, freedom);
    assert.ok(Math.abs(found / expected - 1) < 2e-4, `${twoTailed} ${freedom}: ${found}, not ${expected}`);
  }
});
