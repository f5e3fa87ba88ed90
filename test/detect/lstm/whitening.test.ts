import assert from 'node:assert/strict';
import { test } from 'node:test';
import { squaredDistance, whiteningOf } from '../../../src/detect/lstm/whitening.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

/** Differences of two metrics, of variance 1 and correlation 0.9. */
function pairs(count: number): number[][] {
  const random = seededRandom(2);
  return Array.from({ length: count }, () => {
    const first = gaussian(random);
    return [first, 0.9 * first + Math.sqrt(1 - 0.81) * gaussian(random)];
  });
}

const distanceOf = (whitening: Float64Array, a: number, b: number): number =>
  squaredDistance(Float64Array.of(a, b), 0, whitening, 2);

test('the distance is that of Mahalanobis, over the number of metrics', () => {
  // Ten rows, of which nine stay: +-(2, 1), so that C = [[4.01, 2], [2, 1.01]] with the least variance of 0.01.
  const rows = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? [2, 1] : [-2, -1])).flat();
  const whitening = whiteningOf(Float64Array.from(rows), 2);
  const determinant = 4.01 * 1.01 - 4;
  for (const [a, b] of [
    [2, 1],
    [1, -1],
    [0, 3],
  ] as const) {
    const expected = (1.01 * a * a - 2 * 2 * a * b + 4.01 * b * b) / determinant / 2;
    assert.ok(Math.abs(distanceOf(whitening, a, b) - expected) < 1e-9 * expected);
  }
});

test('what goes against the usual relation is far, though each metric by itself is near', () => {
  const whitening = whiteningOf(Float64Array.from(pairs(2_000).flat()), 2);
  assert.ok(distanceOf(whitening, 1, 1) < 1);
  assert.ok(distanceOf(whitening, 1, -1) > 8);
});

test('a few incidents do not hide the next one', () => {
  const rows = pairs(1_000).map((row, index) => (index % 50 === 0 ? [10, -10] : row));
  const clean = distanceOf(whiteningOf(Float64Array.from(pairs(1_000).flat()), 2), 1, -1);
  const spoiled = distanceOf(whiteningOf(Float64Array.from(rows.flat()), 2), 1, -1);
  assert.ok(spoiled > 0.7 * clean, `${spoiled} of ${clean}`);
});

test('metrics that are always exactly right, or exactly the same, still give numbers', () => {
  for (const row of [
    [0, 0],
    [3, 3],
    [10, -10],
  ]) {
    const whitening = whiteningOf(Float64Array.from(Array(50).fill(row).flat()), 2);
    assert.ok(whitening.every(Number.isFinite) && Number.isFinite(distanceOf(whitening, 10, 10)));
  }
});
