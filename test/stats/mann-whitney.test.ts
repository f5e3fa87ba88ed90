import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mannWhitney } from '../../src/stats/mann-whitney.ts';
import { ranksOf } from '../../src/stats/ranks.ts';

function close(found: number | undefined, expected: number): void {
  assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-12, `${found}, not ${expected}`);
}

test('equal values share the mean of their ranks', () => {
  assert.deepEqual(ranksOf([3, 1, 3]), { ranks: Float64Array.of(2.5, 1, 2.5), ties: 6 });
  assert.deepEqual(ranksOf([5, 5, 5, 9]), { ranks: Float64Array.of(2, 2, 2, 4), ties: 24 });
  assert.deepEqual(ranksOf([]), { ranks: new Float64Array(0), ties: 0 });
});

test('small samples without ties have the exact p of R and SciPy', () => {
  // R's documentation of wilcox.test: the permeability data of Hollander and Wolfe (1973), W = 35; two-sided p 0.2544 (SciPy 1.17.1: below)
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const weeks = [1.15, 0.88, 0.9, 0.74, 1.21];
  const found = mannWhitney(weeks, term);
  assert.equal(found?.u, 35);
  assert.equal(found?.superiority, 0.7);
  assert.ok(found?.isExact);
  close(found?.p, 0.2544122544122544);
  // SciPy's documentation of mannwhitneyu: ages at diagnosis, U = 17, p 0.1111
  close(mannWhitney([20, 11, 17, 12], [19, 22, 16, 29, 24])?.p, 1 / 9);
  close(mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12])?.p, 1 / 9);
});

test('small samples with ties have the p of all permutations', () => {
  // Counted over all 462 divisions with itertools and scipy.stats.rankdata
  const found = mannWhitney([1, 2, 2, 3, 5], [2, 3, 4, 5, 5, 6]);
  close(found?.p, 0.16017316017316016);
  close(mannWhitney([5, 5, 5], [6, 6, 6, 6, 6])?.p, 2 / 56);
});

test('large samples have the normal approximation of SciPy, with ties and continuity', () => {
  const first = Array.from({ length: 60 }, (_, i) => ((i * 7) % 40) + (i % 3));
  const second = Array.from({ length: 60 }, (_, i) => ((i * 11) % 45) + (i % 4) + 3);
  const found = mannWhitney(first, second);
  assert.equal(found?.u, 2319); // SciPy 1.17.1, method='asymptotic'
  assert.ok(found?.isExact === false);
  close(found?.p, 0.006484254634641485);
});

test('equal values everywhere are no difference, and an empty sample has no test', () => {
  assert.equal(mannWhitney([3, 3, 3], [3, 3])?.p, 1);
  const many = Array.from({ length: 500 }, () => 3);
  assert.equal(mannWhitney(many, many)?.p, 1);
  assert.equal(mannWhitney([], [1]), null);
  assert.equal(mannWhitney([1], []), null);
});
