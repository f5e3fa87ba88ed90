import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchFigures } from '../../src/benchmark/figures.ts';
import { benchWarnings } from '../../src/benchmark/warnings.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const figures = (values: readonly number[]) =>
  benchFigures(
    'runtimeSeconds',
    values.map((value, index) => ({ run: index + 1, value })),
  );

/** Log-normal runtimes around 1 s. */
function noisy(seed: number, count: number, cv: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Math.exp(cv * gaussian(random)));
}

test('figures are those of the textbooks, and name the runs that do not belong', () => {
  const { n, mean, standardDeviation, noisePercent, min, median, p95, max } = figures([
    2, 4, 4, 4, 5, 5, 7, 9,
  ]);
  assert.deepEqual([n, mean, min, median, max], [8, 5, 2, 4.5, 9]);
  assert.ok(Math.abs((standardDeviation ?? 0) - 2.13809) < 1e-5); // NumPy: std(ddof=1)
  assert.ok(Math.abs((noisePercent ?? 0) - 42.7618) < 1e-4);
  assert.ok(Math.abs(p95 - 8.3) < 1e-12); // NumPy: percentile(95)
  const wild = benchFigures(
    'rows',
    [1, 1.1, 0.9, 1, 1.05, 0.95, 1, 1.02, 0.98, 1]
      .map((value, i) => ({ run: i + 3, value }))
      .concat({ run: 13, value: 9 }),
  );
  assert.deepEqual(wild.outliers, [{ run: 13, value: 9 }]);
});

test('one run has no deviation, and values around 0 have no noise in percent', () => {
  assert.deepEqual([figures([3]).standardDeviation, figures([3]).noisePercent], [null, null]);
  assert.equal(figures([0, 0, 0]).noisePercent, null);
});

test('quiet runs are no reason for a warning', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const warnings = benchWarnings(figures(noisy(seed, 30, 0.02)), 1);
    assert.deepEqual(
      warnings.filter(text => !text.includes('outlier')),
      [],
      `seed ${seed}`,
    );
  }
});

test('a slow first run asks for a warm-up, and so do several', () => {
  const [alone] = benchWarnings(figures([1.6, ...noisy(1, 29, 0.02)]), 0);
  assert.match(
    alone ?? '',
    /^the first run was 6\d % slower than the others: let 3 warm-up runs come before/,
  );
  const many = noisy(2, 30, 0.02).map((value, index) => (index < 6 ? value * 1.3 : value));
  const [first] = benchWarnings(figures(many), 4);
  assert.match(
    first ?? '',
    /^the first 6 runs were (29|3\d) % slower than the others: let 8 warm-up runs come before/,
  );
});

test('a machine that becomes slower is told of', () => {
  const drifting = noisy(3, 30, 0.02).map((value, index) => value * (1 + index / 100));
  assert.match(
    benchWarnings(figures(drifting), 1).join('\n'),
    /the runs became 2\d % slower from the first to the last/,
  );
});

test('where the noise hides 5 %, it says how many runs would show it', () => {
  const [warning] = benchWarnings(figures(noisy(4, 30, 0.2)), 1);
  const [, runs] = /too high to see a change of 5 %: that takes (\d+) runs/.exec(warning ?? '') ?? [];
  // 2 (1.96 + 0.84)^2 0.2^2 / ln(1.05)^2 / (3 / pi) = 276, times the square of what the noise of 30 runs is of 0.2
  assert.ok(Number(runs) > 140 && Number(runs) < 460, warning);
});

test('a wild run is named', () => {
  const runs = noisy(5, 30, 0.02).map((value, index) => (index === 16 ? 3 : value));
  assert.match(benchWarnings(figures(runs), 1).join('\n'), /^run 17 is an outlier \(of 30\)/m);
});
