import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenBaseline, makeBaseline, referenceOf } from '../../src/baseline/make-baseline.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const HOUR_MS = 3_600_000;

function noisy(length: number, level: (index: number) => number, seed = 4): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, (_, index) => level(index) * Math.exp(0.03 * gaussian(random)));
}

test('a baseline holds the figures of its values', () => {
  const values = [3, 6, 7, 8, 8, 10, 13, 15, 16, 20];
  const { n, mean, standardDeviation, percentiles, min, max, kind } = makeBaseline(values);
  assert.deepEqual({ n, mean, min, max, kind }, { n: 10, mean: 10.6, min: 3, max: 20, kind: 'measured' });
  // R: quantile(x, c(0.25, 0.5, 0.75)) is 7.25 9.00 14.50; the squares sum to 248.4
  assert.deepEqual([percentiles?.p25, percentiles?.p50, percentiles?.p75], [7.25, 9, 14.5]);
  assert.ok(Math.abs((standardDeviation ?? 0) - Math.sqrt(248.4 / 9)) < 1e-12);
});

test('a wild run is left out of all figures and named, by its place among all values', () => {
  const values = [Number.NaN, ...noisy(60, index => (index === 7 ? 5 : 1))];
  const { outliers, max, n } = makeBaseline(values);
  assert.deepEqual(
    outliers.map(({ index }) => index),
    [8],
  );
  assert.equal(outliers[0]?.value, values[8]);
  assert.equal(n, 59);
  assert.ok((max ?? 9) < 1.2);
});

test('steady noise makes a baseline without a warning or a season', () => {
  let speaking = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const timesMs = Array.from({ length: 100 }, (_, index) => index * HOUR_MS);
    const { warnings, season, modes } = makeBaseline(
      noisy(100, () => 1, seed),
      { timesMs },
    );
    if (warnings.length > 0 || season !== null || modes !== null) speaking++;
  }
  assert.ok(speaking <= 2, `${speaking} of 40`);
});

test('a change of level is told, with its size and from where on to take the runs', () => {
  const { warnings } = makeBaseline(noisy(100, index => (index < 60 ? 1 : 1.3)));
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0] ?? '',
    /^the level changes by \+(29|30)(\.\d)? % at run 61 of 100: .* the 40 runs /,
  );
});

test('a drift is told', () => {
  const { warnings } = makeBaseline(noisy(100, index => 1 + index / 300));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^the values drift by \+2\d/);
});

test('two modes are told and are no outliers', () => {
  const random = seededRandom(9);
  const { warnings, modes, outliers } = makeBaseline(noisy(100, () => (random() < 0.25 ? 1.2 : 1)));
  assert.ok(modes !== null && Math.abs(modes.low - 1) < 0.03 && Math.abs(modes.high - 1.2) < 0.03);
  assert.match(warnings[0] ?? '', /between two levels/);
  assert.deepEqual(outliers, []);
});

test('few runs are told', () => {
  assert.match(makeBaseline([3]).warnings[0] ?? '', /made of 1 run only/);
  assert.equal(makeBaseline([3]).standardDeviation, null);
});

test('runs that resemble their neighbours count for fewer', () => {
  const random = seededRandom(6);
  let level = 0;
  const values = Array.from({ length: 200 }, () => {
    level = 0.7 * level + gaussian(random);
    return 100 + level;
  });
  const { n, effectiveCount } = makeBaseline(values);
  assert.ok(effectiveCount < n / 3 && effectiveCount > n / 12, `${effectiveCount}`);
});

test('no values, or none that is a number, are no baseline: the message says what to do', () => {
  for (const values of [[], [Number.NaN]])
    assert.throws(() => makeBaseline(values), {
      code: 'usage',
      message: /no runs to make a baseline of.*give numbers/,
    });
});

test('equal values and zeros make one without noise', () => {
  const { mean, standardDeviation, outliers, warnings, season } = makeBaseline(
    Array.from({ length: 50 }, () => 0),
  );
  assert.deepEqual(
    { mean, standardDeviation, outliers, warnings, season },
    { mean: 0, standardDeviation: 0, outliers: [], warnings: [], season: null },
  );
});

test('a given number is a baseline too', () => {
  const baseline = givenBaseline(2.5);
  assert.deepEqual([baseline.kind, baseline.n, baseline.mean, baseline.percentiles], ['given', 0, 2.5, null]);
  assert.throws(() => givenBaseline(Number.NaN), { code: 'usage', message: /such as 2\.5/ });
  assert.throws(() => givenBaseline(1, -1), { code: 'usage' });
});

test('what is left of a baseline without its values can be compared with', () => {
  assert.equal(referenceOf(givenBaseline(2.5)), 2.5);
  const measured = makeBaseline(noisy(50, () => 2));
  const reference = referenceOf(measured);
  assert.ok(typeof reference === 'object' && reference.mean === measured.mean && reference.n <= 50);
  assert.equal(referenceOf(makeBaseline([7])), 7);
});
