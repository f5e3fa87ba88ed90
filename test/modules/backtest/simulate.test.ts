import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../../../modules/backtest/simulate.ts';
import { summarise } from '../../../modules/backtest/summary.ts';
import { tradesOf } from '../../../modules/backtest/trades.ts';
import type { Target } from '../../../modules/signals/signals.ts';
import { fc } from '../../helpers/properties.ts';
import { candlesOf, type Price, priceSeries } from '../prices.ts';

const DAY_MS = 86_400_000;
const FREE = { fee: 0, slippage: 0 };

function near(actual: number | null | undefined, expected: number): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) < 1e-12,
    `${actual} is not ${expected}`,
  );
}

/**
 * By hand, with a fee of 1 % and slippage of 2 %. Warm-up on day 0; the account begins on day 1 with 1.
 * Day 1 asks to buy: bought at the open of day 2 for 10 x 1.02 = 10.2: 1 / (10.2 x 1.01) = 1 / 10.302 units.
 * Day 3 asks to sell: sold at the open of day 4 for 20 x 0.98 = 19.6: 19.6 x 0.99 = 19.404 a unit.
 * Day 5, the last one, asks to buy: nothing follows, so nothing happens.
 */
const PRICES: Price[] = [
  [1, 2],
  [5, 9],
  [10, 12],
  [15, 11],
  [20, 30],
  [40, 50],
];
const TARGETS: Target[] = [null, 1, 1, 0, 0, 1];

test('a worked example gives the fills, the equity and the trades that were computed by hand', () => {
  const { points, fills } = simulate(candlesOf(PRICES), TARGETS, { fee: 0.01, slippage: 0.02 });
  const units = 1 / 10.302;
  const expected = [1, 12 * units, 11 * units, 19.404 * units, 19.404 * units];
  assert.equal(points.length, expected.length);
  for (const [index, { equity }] of points.entries()) near(equity, expected[index] ?? Number.NaN);
  assert.deepEqual(
    points.map(({ openTime, position }) => [openTime / DAY_MS, position]),
    [
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 0],
      [5, 0],
    ],
  );
  assert.deepEqual(
    fills.map(({ openTime, side }) => [openTime / DAY_MS, side]),
    [
      [2, 'buy'],
      [4, 'sell'],
    ],
  );
  near(fills[0]?.price, 10.2);
  near(fills[1]?.price, 19.6);
  const [trade, ...more] = tradesOf(fills, points);
  assert.deepEqual([trade?.entryTime, trade?.exitTime, more.length], [2 * DAY_MS, 4 * DAY_MS, 0]);
  near(trade?.returnPercent, (19.404 / 10.302 - 1) * 100);
});

test('the worked example has the figures that were computed by hand', () => {
  const simulation = simulate(candlesOf(PRICES), TARGETS, { fee: 0.01, slippage: 0.02 });
  const { totalReturnPercent, cagrPercent, maxDrawdownPercent, exposurePercent, trades, winRatePercent } =
    summarise(simulation, 252);
  near(totalReturnPercent, (19.404 / 10.302 - 1) * 100);
  near((cagrPercent ?? 0) / 100 / ((19.404 / 10.302) ** (365.25 / 4) - 1), 1);
  near(maxDrawdownPercent, (1 / 12) * 100); // from 12 a unit on day 2 to 11 on day 3
  assert.deepEqual([exposurePercent, trades, winRatePercent], [40, 1, 100]);
});

test('an open trade counts with the last close, and not in the win rate', () => {
  const simulation = simulate(candlesOf(PRICES), [0, 1, 1, 1, 1, 1], FREE);
  assert.deepEqual(tradesOf(simulation.fills, simulation.points), [
    { entryTime: 2 * DAY_MS, entryPrice: 10, exitTime: null, exitPrice: null, returnPercent: 400 },
  ]);
  const { trades, winRatePercent } = summarise(simulation, 252);
  assert.deepEqual([trades, winRatePercent], [1, null]);
});

test('without any target nothing is simulated', () => {
  assert.deepEqual(simulate(candlesOf(PRICES), Array(6).fill(null), FREE), { points: [], fills: [] });
});

const targets = fc.array(fc.constantFrom<Target>(0, 1), { minLength: 60, maxLength: 60 });
const rate = fc.double({ min: 0, max: 0.1, noNaN: true });

test('no look-ahead: changing any later candle or target leaves earlier fills, equity and trades as they were', () => {
  fc.assert(
    fc.property(
      priceSeries(60, 60),
      priceSeries(60, 60),
      targets,
      targets,
      fc.record({ fee: rate, slippage: rate }),
      fc.nat({ max: 59 }),
      (prices, otherPrices, wanted, otherTargets, costs, kept) => {
        const one = simulate(candlesOf(prices), wanted, costs);
        const two = simulate(
          candlesOf([...prices.slice(0, kept), ...otherPrices.slice(kept)]),
          [...wanted.slice(0, kept), ...otherTargets.slice(kept)],
          costs,
        );
        const end = kept * DAY_MS;
        const earlier = ({ openTime }: { openTime: number }): boolean => openTime < end;
        const over = ({ exitTime }: { exitTime: number | null }): boolean =>
          exitTime !== null && exitTime < end;
        assert.deepEqual(two.points.filter(earlier), one.points.filter(earlier));
        assert.deepEqual(two.fills.filter(earlier), one.fills.filter(earlier));
        assert.deepEqual(
          tradesOf(two.fills, two.points).filter(over),
          tradesOf(one.fills, one.points).filter(over),
        );
      },
    ),
  );
});

test('a target is executed at the open of the next candle: its close changes the equity, never the price', () => {
  fc.assert(
    fc.property(priceSeries(60, 60), targets, fc.nat({ max: 59 }), (prices, wanted, day) => {
      const changed = prices.map(([open, close], index): Price => [open, index === day ? close * 2 : close]);
      const price = ({ side, openTime, price }: { side: string; openTime: number; price: number }) => [
        side,
        openTime,
        price,
      ];
      const one = simulate(candlesOf(prices), wanted, FREE).fills;
      assert.deepEqual(simulate(candlesOf(changed), wanted, FREE).fills.map(price), one.map(price));
      for (const fill of one) {
        const index = fill.openTime / DAY_MS;
        assert.equal(fill.price, prices[index]?.[0]);
        assert.equal(wanted[index - 1], fill.side === 'buy' ? 1 : 0);
      }
    }),
  );
});

test('costs never help, and buying and holding pays them once', () => {
  fc.assert(
    fc.property(priceSeries(60, 60), targets, rate, rate, (prices, wanted, fee, slippage) => {
      const candles = candlesOf(prices);
      const last = (costs: typeof FREE, decisions: Target[]): number =>
        simulate(candles, decisions, costs).points.at(-1)?.equity ?? Number.NaN;
      assert.ok(last({ fee, slippage }, wanted) <= last(FREE, wanted) * (1 + 1e-12));
      const holding: Target[] = Array(60).fill(1);
      const paid = last({ fee, slippage }, holding) * (1 + fee) * (1 + slippage);
      assert.ok(Math.abs(paid / last(FREE, holding) - 1) < 1e-12);
    }),
  );
});
