import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanError, meanErrors, naiveScale, symmetricPercent } from '../../src/forecast/accuracy.ts';

test('the scale of the MASE is the mean step from value to value', () => {
  assert.equal(naiveScale(Float64Array.of(1, 4, 2, 2)), 5 / 3);
  assert.equal(naiveScale(Float64Array.of(1)), 0);
});

test('mean absolute errors: of each origin, and of all errors', () => {
  const errors = [Float64Array.of(1, -3), Float64Array.of(-5)];
  assert.deepEqual(meanErrors(errors), [2, 5]);
  assert.equal(meanError(errors), 3);
  assert.equal(meanError([]), 0);
});

test('the symmetric percentage: 0 where both agree, 200 where a sign or a 0 is missed', () => {
  assert.equal(symmetricPercent(100, 110).toFixed(4), '9.5238'); // 200 * 10 / 210
  assert.equal(symmetricPercent(0, 0), 0);
  assert.equal(symmetricPercent(3, 0), 200);
  assert.equal(symmetricPercent(1e308, -1e308), 200);
});
