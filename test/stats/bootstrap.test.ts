import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BootstrapSettings, bootstrapInterval, type Figure } from '../../src/stats/bootstrap.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const FIRST = Float64Array.of(1.1, 1.3, 1.2, 1.5, 1.05, 1.25, 1.9, 1.15, 1.32, 1.41);
const SECOND = Float64Array.of(1.2, 1.45, 1.5, 1.61, 1.35, 1.38, 2.2, 1.3, 1.52, 1.44);
const SETTINGS: BootstrapSettings = {
  alpha: 0.05,
  seed: 1,
  resamples: 20_000,
  blockLength: 1,
};

const ratioOfMeans: Figure = (a, b) => meanOf(b) / meanOf(a);
const differenceOfMedians: Figure = (a, b) => (quantile(b, 0.5) ?? 0) - (quantile(a, 0.5) ?? 0);

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function near(found: { low: number; high: number } | null, low: number, high: number): void {
  assert.ok(Math.abs((found?.low ?? Number.NaN) - low) < 0.006, `${found?.low}, not ${low}`);
  assert.ok(Math.abs((found?.high ?? Number.NaN) - high) < 0.006, `${found?.high}, not ${high}`);
}

// Expected: scipy.stats.bootstrap of SciPy 1.17.1 with 200,000 resamples; both are random, to two or three digits

test('the percentile interval is that of SciPy', () => {
  near(bootstrapInterval(FIRST, SECOND, ratioOfMeans, SETTINGS), 0.9757, 1.3236);
  near(bootstrapInterval(FIRST, SECOND, differenceOfMedians, SETTINGS), -0.01, 0.335);
});

test('the same seed gives the same interval, another one another', () => {
  const of = (seed: number): unknown =>
    bootstrapInterval(FIRST, SECOND, ratioOfMeans, { ...SETTINGS, seed, resamples: 200 });
  assert.deepEqual(of(5), of(5));
  assert.notDeepEqual(of(5), of(6));
});

test('blocks widen the interval of values that resemble their neighbours', () => {
  const random = seededRandom(2);
  let level = 0;
  const series = Float64Array.from({ length: 400 }, () => {
    level = 0.8 * level + gaussian(random);
    return 50 + level;
  });
  const width = (blockLength: number): number => {
    const found = bootstrapInterval(series, series, ratioOfMeans, {
      ...SETTINGS,
      resamples: 500,
      blockLength,
    });
    return (found?.high ?? 0) - (found?.low ?? 0);
  };
  assert.ok(width(20) > 1.8 * width(1));
});

test('constants have an interval without width, empty samples and figures that are none have no interval', () => {
  const flat = Float64Array.of(2, 2, 2);
  const settings = { ...SETTINGS, resamples: 50 };
  assert.deepEqual(bootstrapInterval(flat, flat, ratioOfMeans, settings), { low: 1, high: 1 });
  assert.equal(bootstrapInterval(new Float64Array(0), flat, ratioOfMeans, settings), null);
  assert.equal(
    bootstrapInterval(flat, flat, () => Number.NaN, settings),
    null,
  );
});
