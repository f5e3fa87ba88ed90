import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean } from '../../src/stats/mean.ts';
import { standardDeviation } from '../../src/stats/spread.ts';
import { type Summary, welch } from '../../src/stats/welch.ts';

function summary(values: readonly number[]): Summary {
  return { n: values.length, mean: mean(values) ?? 0, standardDeviation: standardDeviation(values) ?? 0 };
}

function near(found: number | undefined, expected: number, tolerance: number): void {
  assert.ok(Math.abs((found ?? Number.NaN) - expected) < tolerance, `${found}, not ${expected}`);
}

test('two samples have the t, freedom, p and interval of SciPy', () => {
  const first = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
  const second = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.8];
  const found = welch(summary(first), summary(second), 0.05);
  // SciPy 1.17.1: ttest_ind(first, second, equal_var=False)
  near(found?.t, 2.8746293918542376, 1e-9);
  near(found?.freedom, 27.900395656187122, 1e-9);
  near(found?.p, 0.007656113677962298, 1e-10);
  near(found?.low, 0.821689661659323, 2e-4);
  near(found?.high, 4.898310338340683, 2e-4);
});

test('samples without noise differ for certain or not at all', () => {
  const flat = { n: 3, mean: 5, standardDeviation: 0 };
  assert.equal(welch(flat, flat, 0.05)?.p, 1);
  assert.equal(welch(flat, { ...flat, mean: 6 }, 0.05)?.p, 0);
});

test('a single value cannot be tested', () => {
  assert.equal(
    welch({ n: 1, mean: 5, standardDeviation: 0 }, { n: 9, mean: 5, standardDeviation: 1 }, 0.05),
    null,
  );
});
