import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureChange } from '../../src/regression/figure-change.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const SETTINGS = { alpha: 0.05, seed: 1, resamples: 500 };

function noisy(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => 10 * Math.exp(0.1 * gaussian(random)));
}

test('mean, median and p95 changed by what was put in, and the interval holds it', () => {
  const reference = noisy(200, 1);
  const recent = noisy(200, 2).map(value => value * 1.2);
  for (const figure of ['mean', 0.5, 0.95] as const) {
    const found = figureChange(reference, recent, figure, SETTINGS);
    assert.ok(Math.abs((found?.changePercent ?? 0) - 20) < 6, `${figure}: ${found?.changePercent}`);
    assert.ok((found?.intervalPercent?.low ?? 99) < 20 && (found?.intervalPercent?.high ?? 0) > 20);
    assert.ok((found?.intervalPercent?.low ?? 0) > 5);
  }
});

test('a tail that grew shows in the p95 and not in the median', () => {
  const reference = noisy(300, 3);
  const recent = noisy(300, 4).map((value, index) => (index % 10 === 0 ? value * 3 : value));
  assert.ok((figureChange(reference, recent, 0.95, SETTINGS)?.intervalPercent?.low ?? 0) > 50);
  assert.ok(Math.abs(figureChange(reference, recent, 0.5, SETTINGS)?.changePercent ?? 99) < 5);
});

test('a reference of 0 has no percent, an empty sample no change', () => {
  const found = figureChange([0, 0, 0], [1, 2, 3], 'mean', SETTINGS);
  assert.deepEqual([found?.changePercent, found?.intervalPercent, found?.recent], [null, null, 2]);
  assert.equal(figureChange([], [1], 'mean', SETTINGS), null);
});
