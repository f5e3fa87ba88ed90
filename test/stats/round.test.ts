import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundSignificant, roundTo } from '../../src/stats/round.ts';
import { fc } from '../helpers/properties.ts';

test('decimals are rounded as a person would, halves away from zero', () => {
  const cases: [value: number, decimals: number, rounded: number][] = [
    [88.372093, 2, 88.37],
    [1.005, 2, 1.01],
    [2.345, 2, 2.35],
    [-2.345, 2, -2.35],
    [0.5, 0, 1],
    [1e-7, 3, 0],
    [1234.5678, 0, 1235],
    [1e20, 2, 1e20],
    [1.5e300, 2, 1.5e300],
    [5e-324, 2, 0],
  ];
  for (const [value, decimals, rounded] of cases) assert.equal(roundTo(value, decimals), rounded);
});

test('there is never a negative zero, and what is no number stays as it is', () => {
  assert.ok(Object.is(roundTo(-0.001, 2), 0));
  assert.ok(Object.is(roundTo(-0, 2), 0));
  assert.ok(Object.is(roundSignificant(-0, 3), 0));
  assert.ok(Number.isNaN(roundTo(Number.NaN, 2)));
  assert.equal(roundTo(Number.POSITIVE_INFINITY, 2), Number.POSITIVE_INFINITY);
});

test('a rounded number is within half a step, and rounding it again changes nothing', () => {
  const value = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
  fc.assert(
    fc.property(value, fc.nat(6), (each, decimals) => {
      const rounded = roundTo(each, decimals);
      const spacing = Math.abs(each) * Number.EPSILON; // of the doubles near it: no result can be nearer
      assert.ok(Math.abs(rounded - each) <= 0.5 * 10 ** -decimals * (1 + 1e-6) + spacing);
      assert.equal(roundTo(rounded, decimals), rounded);
    }),
  );
});

test('significant digits keep the size of a number and drop its noise', () => {
  assert.equal(roundSignificant(0.1 + 0.2, 12), 0.3);
  assert.equal(roundSignificant(123456, 3), 123000);
  assert.equal(roundSignificant(0.00012345, 2), 0.00012);
});
