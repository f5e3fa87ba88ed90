import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWindow, filled, mediansOf, put } from '../../../src/detect/forest/window.ts';
import { seededRandom } from '../../../src/stats/random.ts';

const GAP = Number.NaN;

test('a window holds the latest rows', () => {
  const window = createWindow(2, 1);
  for (const value of [1, 2, 3]) put(window, Float32Array.of(value));
  assert.deepEqual(filled(window, seededRandom(1)), { data: Float32Array.of(3, 2), count: 2, features: 1 });
});

test('the median is that of the values that there are, or 0', () => {
  const window = createWindow(8, 3);
  for (const row of [
    [1, GAP, GAP],
    [GAP, GAP, 5],
    [2, GAP, 7],
    [9, GAP, GAP],
  ]) {
    put(window, Float32Array.from(row));
  }
  assert.deepEqual(mediansOf(window), Float32Array.of(2, 0, 6));
});

test('trees are grown from values that there were, and not from metrics that are nearly always missing', () => {
  const window = createWindow(100, 2);
  for (let row = 0; row < 100; row += 1) {
    put(window, Float32Array.of(row % 3 === 0 ? row : GAP, row % 10 === 0 ? row : GAP));
  }
  const { data } = filled(window, seededRandom(1));
  const first = [...data].filter((_, at) => at % 2 === 0);
  assert.ok(first.every((value, row) => (row % 3 === 0 ? value === row : value % 3 === 0)));
  assert.ok(new Set(first.filter((_, row) => row % 3 !== 0)).size > 20);
  assert.equal(new Set(data.filter((_, at) => at % 2 === 1)).size, 1);
});
