import type { Candle } from '../../modules/market/candles.ts';
import { fc } from '../helpers/properties.ts';

const DAY_MS = 86_400_000;

/** Open and close of one candle. */
export type Price = readonly [open: number, close: number];

/** One candle a day, from 1970 on. */
export function candlesOf(prices: readonly Price[]): Candle[] {
  return prices.map(([open, close], day) => ({
    openTime: day * DAY_MS,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volume: 0,
    closeTime: (day + 1) * DAY_MS - 1,
  }));
}

/** Random prices that go up and down far enough to make trades. */
export function priceSeries(minLength: number, maxLength: number): fc.Arbitrary<Price[]> {
  const price = fc.double({ min: 50, max: 200, noNaN: true });
  return fc.array(fc.tuple(price, price), { minLength, maxLength });
}
