import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hodgesLehmann } from '../../src/stats/hodges-lehmann.ts';
import { mannWhitney } from '../../src/stats/mann-whitney.ts';
import { differenceAt } from '../../src/stats/pair-differences.ts';
import { fc } from '../helpers/properties.ts';

const whole = fc.integer({ min: -30, max: 30 });
const sample = fc
  .array(whole, { minLength: 1, maxLength: 12 })
  .map(values => Float64Array.from(values).sort());

test('every difference of pairs is found by its rank', () => {
  fc.assert(
    fc.property(sample, sample, (first, second) => {
      const all = [...first].flatMap(a => [...second].map(b => b - a)).sort((a, b) => a - b);
      all.forEach((expected, index) => {
        assert.equal(differenceAt(first, second, index + 1), expected);
      });
    }),
  );
});

test('so it is where the second sample is far smaller', () => {
  const many = fc
    .array(whole, { minLength: 40, maxLength: 60 })
    .map(values => Float64Array.from(values).sort());
  const few = fc.array(whole, { minLength: 1, maxLength: 2 }).map(values => Float64Array.from(values).sort());
  fc.assert(
    fc.property(many, few, (first, second) => {
      const all = [...first].flatMap(a => [...second].map(b => b - a)).sort((a, b) => a - b);
      for (const index of [0, 1, all.length >> 1, all.length - 1])
        assert.equal(differenceAt(first, second, index + 1), all[index]);
    }),
  );
});

test('differences of any size are found, up to the largest numbers', () => {
  const first = Float64Array.of(-1e300, 1e-300, 5);
  const second = Float64Array.of(0, 1e-12, 1e300);
  const all = [...first].flatMap(a => [...second].map(b => b - a)).sort((a, b) => a - b);
  assert.deepEqual(
    all.map((_, index) => differenceAt(first, second, index + 1)),
    all,
  );
});

test('the shift is the published one of the permeability data', () => {
  // Hollander and Wolfe (1973), example 4.1 and 4.3: the estimate is 0.305, the 96 % interval (-0.15, 0.76) with C = 9
  const weeks = [1.15, 0.88, 0.9, 0.74, 1.21];
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const found = hodgesLehmann(weeks, term, 0.05);
  assert.ok(Math.abs((found?.shift ?? 0) - 0.305) < 1e-12);
  assert.ok(Math.abs((found?.interval?.low ?? 0) + 0.15) < 1e-12);
  assert.ok(Math.abs((found?.interval?.high ?? 0) - 0.76) < 1e-12);
});

test('the interval leaves out 0 exactly where the test of small samples rejects', () => {
  const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 8, maxLength: 16 });
  fc.assert(
    fc.property(distinct, fc.integer({ min: 3, max: 5 }), (values, size) => {
      const [first, second] = [values.slice(0, size), values.slice(size)];
      const interval = hodgesLehmann(first, second, 0.05)?.interval ?? null;
      const isOutside = interval !== null && (interval.low > 0 || interval.high < 0);
      assert.equal(isOutside, (mannWhitney(first, second)?.p ?? 1) <= 0.05);
    }),
  );
});

test('samples too small for any interval have none, empty ones have no shift', () => {
  assert.deepEqual(hodgesLehmann([1, 2], [4, 5], 0.05), { shift: 3, interval: null });
  assert.equal(hodgesLehmann([], [1], 0.05), null);
});

test('thousands of values against thousands keep their shift', () => {
  const first = Array.from({ length: 4000 }, (_, index) => (index * 7919) % 4001);
  const found = hodgesLehmann(
    first,
    first.map(value => value + 250),
    0.05,
  );
  assert.equal(found?.shift, 250);
  assert.ok((found?.interval?.low ?? 0) < 250 && (found?.interval?.high ?? 0) > 250);
});
