import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cagr, maxDrawdown, sharpe } from '../../../modules/backtest/statistics.ts';
import { fc } from '../../helpers/properties.ts';

const YEAR_MS = 365.25 * 86_400_000;

function near(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}

test('the compound annual growth rate is the constant rate that leads from first to last', () => {
  near(cagr([1, 7, 1.21], 2 * YEAR_MS), 0.1);
  near(cagr([100, 50], YEAR_MS), -0.5);
  assert.equal(cagr([1], 0), null);
  assert.equal(cagr([], YEAR_MS), null);
});

test('the Sharpe ratio of a worked example: returns 0.1, -0.1, 0.3', () => {
  // mean 0.1, sample variance (0 + 0.04 + 0.04) / 2 = 0.04, ratio 0.1 / 0.2 = 0.5, annualised by the root of 252
  near(sharpe([1, 1.1, 0.99, 1.287], 252), 0.5 * Math.sqrt(252));
});

test('there is no Sharpe ratio of fewer than two returns, or of returns that do not vary', () => {
  for (const equity of [[], [1], [1, 2], [1, 1, 1, 1], [1, 2, 4, 8]]) assert.equal(sharpe(equity, 252), null);
});

test('the maximum drawdown is the largest loss from a peak', () => {
  near(maxDrawdown([1, 2, 1.5, 3, 2.4]), 0.25);
  near(maxDrawdown([4, 1, 8, 3]), 0.75);
  assert.equal(maxDrawdown([1, 2, 3]), 0);
  assert.equal(maxDrawdown([]), 0);
});

test('the unit of money changes none of the figures', () => {
  const curve = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 3, maxLength: 50 });
  fc.assert(
    fc.property(curve, equity => {
      const inCents = equity.map(value => value * 128); // a power of two: exact
      assert.equal(maxDrawdown(inCents), maxDrawdown(equity));
      assert.equal(sharpe(inCents, 252), sharpe(equity, 252));
      assert.equal(cagr(inCents, YEAR_MS), cagr(equity, YEAR_MS));
    }),
  );
});
