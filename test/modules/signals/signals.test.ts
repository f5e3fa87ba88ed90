import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIndicators } from '../../../modules/signals/indicators.ts';
import { computeSignals, isSignal, nextTarget } from '../../../modules/signals/signals.ts';
import { fc } from '../../helpers/properties.ts';
import { candlesOf, priceSeries } from '../prices.ts';

const UP = { sma50: 110, sma200: 100, rsi14: 60, roc20: 0.02 };
const DOWN = { ...UP, sma50: 90 };

test('no target is known until every indicator has its value', () => {
  for (const missing of ['sma50', 'sma200', 'rsi14', 'roc20'] as const) {
    assert.equal(nextTarget(null, { ...UP, [missing]: null }), null);
  }
});

test('the position is taken in a rising trend with rising prices that are not overbought', () => {
  assert.equal(nextTarget(null, UP), 1);
  assert.equal(nextTarget(0, UP), 1);
  assert.equal(nextTarget(0, DOWN), 0);
  assert.equal(nextTarget(0, { ...UP, sma50: UP.sma200 }), 0);
  assert.equal(nextTarget(0, { ...UP, roc20: 0 }), 0);
  assert.equal(nextTarget(0, { ...UP, rsi14: 70 }), 0);
});

test('a position is kept until the trend ends', () => {
  assert.equal(nextTarget(1, { ...UP, roc20: -0.5, rsi14: 99 }), 1);
  assert.equal(nextTarget(1, { ...DOWN, roc20: 0.5 }), 0);
});

test('the indicators are the textbook ones: computed here once more, by their definitions', async () => {
  const closes = Array.from({ length: 230 }, (_, day) => 100 + 10 * Math.sin(day / 9) + ((day * 7) % 5));
  const stream = await openIndicators();
  const streamed = closes.map(close => stream(close));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const near = (actual: number | null | undefined, expected: number): void =>
    assert.ok(
      actual !== null && actual !== undefined && Math.abs(actual - expected) < 1e-9,
      `${actual} ${expected}`,
    );

  const changes = closes.slice(1).map((close, day) => close - (closes[day] ?? 0));
  let gain = mean(changes.slice(0, 14).map(change => Math.max(change, 0)));
  let loss = mean(changes.slice(0, 14).map(change => Math.max(-change, 0)));
  for (const [day, close] of closes.entries()) {
    if (day > 14) {
      const change = changes[day - 1] ?? 0;
      gain = (gain * 13 + Math.max(change, 0)) / 14;
      loss = (loss * 13 + Math.max(-change, 0)) / 14;
    }
    if (day >= 14) near(streamed[day]?.rsi14, 100 - 100 / (1 + gain / loss));
    if (day >= 20) near(streamed[day]?.roc20, close / (closes[day - 20] ?? 0) - 1);
    if (day >= 49) near(streamed[day]?.sma50, mean(closes.slice(day - 49, day + 1)));
    if (day >= 199) near(streamed[day]?.sma200, mean(closes.slice(day - 199, day + 1)));
  }
  const firstDays = (['rsi14', 'roc20', 'sma50', 'sma200'] as const).map(name =>
    streamed.findIndex(values => values[name] !== null),
  );
  assert.deepEqual(firstDays, [14, 20, 49, 199]);
});

test('no look-ahead: changing any later candle leaves all earlier signals as they were', async () => {
  await fc.assert(
    fc.asyncProperty(priceSeries(205, 260), priceSeries(60, 60), fc.nat(), async (prices, others, at) => {
      const kept = at % prices.length;
      const changed = [...prices.slice(0, kept), ...others].slice(0, prices.length);
      const before = computeSignals(candlesOf(prices), '1d', await openIndicators());
      const after = computeSignals(candlesOf(changed), '1d', await openIndicators());
      assert.deepEqual(after.slice(0, kept), before.slice(0, kept));
    }),
    { numRuns: 60 },
  );
});

test('only a record with a time and a target of 0, 1 or null is a signal', () => {
  for (const target of [0, 1, null]) assert.equal(isSignal({ openTime: 1, target }), true);
  for (const record of [
    null,
    7,
    {},
    { openTime: 1 },
    { openTime: 'x', target: 1 },
    { openTime: 1, target: 2 },
  ]) {
    assert.equal(isSignal(record), false);
  }
});
