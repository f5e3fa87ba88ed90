import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldIn, medianOf } from '../../../src/detect/events/held.ts';

test('the median is the value in the middle, or the mean of the two there', () => {
  assert.equal(medianOf([3, 1, 2]), 2);
  assert.equal(medianOf([4, 1, 3, 2]), 2.5);
  assert.equal(medianOf([10, -2]), 4);
  assert.equal(medianOf([]), 0);
});

test('an outlier is held back, what is usual stays as it is', () => {
  const usual = Array.from({ length: 100 }, (_, index) => index % 3);
  const held = heldIn([...usual, 1000]);
  assert.deepEqual(held.slice(0, 100), usual);
  assert.ok((held[100] ?? 0) < 400 && (held[100] ?? 0) > 2);
  assert.deepEqual(heldIn([]), []);
});
