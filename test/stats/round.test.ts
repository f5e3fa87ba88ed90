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

test('it is as by the text of the number, however near to a half it is', () => {
  const isAsByText = (value: number, decimals: number): void => {
    const parts = Math.round(Number(`${value}e${decimals}`));
    assert.equal(roundTo(value, decimals), Number(`${parts}e-${decimals}`), `${value}, ${decimals} decimals`);
  };
  fc.assert(
    fc.property(fc.nat(1e9), fc.integer({ min: -3, max: 3 }), fc.nat(6), (halves, ulps, decimals) => {
      const value = halves / 2 / 10 ** decimals;
      const near = value + ulps * value * Number.EPSILON;
      if (!String(near).includes('e')) isAsByText(near, decimals);
    }),
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: 1e-6, max: 1e14 }), fc.nat(6), (value, decimals) => {
      if (!String(value).includes('e')) isAsByText(value, decimals);
    }),
  );
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
