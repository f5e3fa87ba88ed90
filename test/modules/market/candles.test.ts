import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candle, isCandle, problemOf, timeLabel } from '../../../modules/market/candles.ts';

const GOOD: Candle = { openTime: 10, open: 5, high: 7, low: 4, close: 6, volume: 0, closeTime: 19 };

test('a good candle has no problem, whatever the gap to the one before', () => {
  assert.equal(problemOf(GOOD, null), null);
  assert.equal(problemOf(GOOD, { ...GOOD, openTime: 9 }), null);
  assert.equal(problemOf(GOOD, { ...GOOD, openTime: -1e9 }), null);
});

for (const [what, wrong, problem] of [
  ['a price that is not a number', { open: Number.NaN }, /not finite/],
  ['an infinite volume', { volume: Number.POSITIVE_INFINITY }, /not finite/],
  ['a high below the close', { high: 5.5 }, /high 5.5 is below/],
  ['a high below the open', { open: 8 }, /high 7 is below/],
  ['a low above the open', { low: 5.5 }, /low 5.5 is above/],
  ['a negative volume', { volume: -1 }, /volume -1 is negative/],
  ['a close before the open', { closeTime: 10 }, /closes before it opens/],
] as const) {
  test(`${what} is a problem`, () => {
    assert.match(problemOf({ ...GOOD, ...wrong }, null) ?? 'none', problem);
  });
}

test('a candle of the same or an earlier time than the one before is a problem', () => {
  assert.match(problemOf(GOOD, GOOD) ?? 'none', /not later/);
  assert.match(problemOf(GOOD, { ...GOOD, openTime: 11 }) ?? 'none', /not later/);
});

test('only a record with all fields is a candle', () => {
  assert.equal(isCandle(GOOD), true);
  for (const record of [null, 1, 'x', [], {}, { ...GOOD, low: null }, { ...GOOD, low: '4' }]) {
    assert.equal(isCandle(record), false);
  }
});

test('a time is shown as a day for candles of a day or more, and to the second for shorter ones', () => {
  const time = Date.parse('2015-01-02T03:04:05Z');
  assert.deepEqual(
    ['1d', '1w', '1M', '15m', '4h', '1s'].map(interval => timeLabel(time, interval)),
    [...Array(3).fill('2015-01-02'), ...Array(3).fill('2015-01-02T03:04:05Z')],
  );
});
