import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generalisedEsd } from '../../src/stats/generalised-esd.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

// Rosner's data set and its published results, as in the NIST/SEMATECH e-Handbook, section 1.3.5.17.3.
const ROSNER = [
  -0.25, 0.68, 0.94, 1.15, 1.2, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65, 1.69, 1.7,
  1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.1, 2.14, 2.15, 2.23, 2.24, 2.26, 2.35, 2.37, 2.4,
  2.47, 2.54, 2.62, 2.64, 2.9, 2.92, 2.92, 2.93, 3.21, 3.26, 3.3, 3.59, 3.68, 4.3, 4.64, 5.34, 5.42, 6.01,
];
const STATISTICS = [3.118, 2.942, 3.179, 2.81, 2.815, 2.848, 2.279, 2.31, 2.101, 2.067];
const CRITICALS = [3.158, 3.151, 3.143, 3.136, 3.128, 3.12, 3.111, 3.103, 3.094, 3.085];

test("Rosner's example has three outliers, with the published statistics and critical values", () => {
  const { steps, outliers } = generalisedEsd(Float64Array.from(ROSNER), 10, 0.05);
  assert.equal(outliers, 3);
  assert.deepEqual(
    steps.slice(0, outliers).map(({ value }) => value),
    [6.01, 5.42, 5.34],
  );
  steps.forEach(({ statistic, critical }, step) => {
    assert.ok(Math.abs(statistic - (STATISTICS[step] ?? 0)) < 1.1e-3, `statistic ${step}: ${statistic}`);
    assert.ok(Math.abs(critical - (CRITICALS[step] ?? 0)) < 1.1e-3, `critical ${step}: ${critical}`);
  });
});

test('it takes away what a slow search takes away', () => {
  const random = seededRandom(5);
  const values = Float64Array.from({ length: 60 }, () => 1e6 + gaussian(random) ** 3).sort();
  const { steps } = generalisedEsd(values, 20, 0.05);
  const left = [...values];
  for (const { value, deviation } of steps) {
    const mean = left.reduce((sum, each) => sum + each, 0) / left.length;
    const squares = left.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    assert.ok(Math.abs(deviation - Math.sqrt(squares / (left.length - 1))) < 1e-6);
    const farthest = left.reduce((far, each) => (Math.abs(each - mean) > Math.abs(far - mean) ? each : far));
    assert.equal(value, farthest);
    left.splice(left.indexOf(farthest), 1);
  }
});

test('equal values have no outlier, and two values are too few', () => {
  assert.equal(generalisedEsd(Float64Array.of(5, 5, 5, 5, 5, 5), 2, 0.05).outliers, 0);
  assert.deepEqual(generalisedEsd(Float64Array.of(1, 9), 1, 0.05), { steps: [], outliers: 0 });
});
