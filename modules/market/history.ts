import { readFileSync } from 'node:fs';

/**
 * A candle as exchanges send it: open time, open, high, low, close, volume, close time, quote volume, number of trades,
 * volume and quote volume of taker buys, and a field that is always "0". Prices are strings, so that no digit is lost.
 */
export type Kline = [
  number,
  string,
  string,
  string,
  string,
  string,
  number,
  string,
  number,
  string,
  string,
  string,
];

const DAY_MS = 86_400_000;

/** The S&P 500 index, one kline for each trading day, oldest first. See README.md for the source. */
export function readHistory(): Kline[] {
  const csv = readFileSync(new URL('sp500-daily-2000-2020.csv', import.meta.url), 'utf8');
  return csv.trim().split('\n').slice(1).map(toKline);
}

/** The columns are date, open, high, low, close, adjclose, volume. An index has no quote volume and no trades: 0. */
function toKline(line: string): Kline {
  const [date = '', open = '', high = '', low = '', close = '', , volume = ''] = line.split(',');
  const openTime = Date.parse(`${date}T00:00:00Z`);
  return [openTime, open, high, low, close, volume, openTime + DAY_MS - 1, '0', 0, '0', '0', '0'];
}

/** The day of a kline, such as 2015-01-31. */
export function dayOf(kline: Kline): string {
  return new Date(kline[0]).toISOString().slice(0, 10);
}
