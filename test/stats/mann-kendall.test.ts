import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mannKendall } from '../../src/stats/mann-kendall.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

test('statistic and p of independent values, with and without ties', () => {
  // Counted and evaluated with scipy.stats.norm (SciPy 1.17.1) from the formula of Kendall's "Rank Correlation Methods"
  const plain = mannKendall([1, 3, 2, 5, 4, 7, 9, 8, 12, 10]);
  assert.equal(plain?.s, 37);
  assert.ok(Math.abs((plain?.pIndependent ?? 0) - 0.0012821837418053048) < 1e-12);
  const tied = mannKendall([2, 2, 3, 5, 4, 4, 7, 1, 9, 30]);
  assert.equal(tied?.s, 25);
  assert.ok(Math.abs((tied?.pIndependent ?? 0) - 0.030463802722688817) < 1e-12);
});

test('values that resemble their neighbours seldom show a trend that is none, where the plain test often does', () => {
  const random = seededRandom(11);
  const tries = 300;
  let [plain, corrected] = [0, 0];
  for (let attempt = 0; attempt < tries; attempt++) {
    let level = gaussian(random);
    const found = mannKendall(
      Array.from({ length: 60 }, () => {
        level = 0.5 * level + Math.sqrt(0.75) * gaussian(random);
        return level;
      }),
    );
    if ((found?.pIndependent ?? 1) <= 0.05) plain++;
    if ((found?.p ?? 1) <= 0.05) corrected++;
  }
  assert.ok(plain / tries > 0.15, `${plain}`);
  assert.ok(corrected / tries < 0.09, `${corrected}`);
});

test('equal values have no trend, two values no test', () => {
  assert.equal(mannKendall([4, 4, 4, 4])?.p, 1);
  assert.equal(mannKendall([1, 2]), null);
});
