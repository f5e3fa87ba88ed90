import { Problem } from '../run.ts';
import { text } from '../settings.ts';

/** Open, high, low and close of one interval. Times in milliseconds since 1970. */
export interface Candle {
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  closeTime: number;
}

/** What is traded, and how long a candle lasts, in the exchange's own words. */
export interface Market {
  symbol: string;
  interval: string;
}

/** The market that `MARKET_SYMBOL` and `MARKET_INTERVAL` name. Throws a Problem for what cannot be a file name. */
export function marketFromEnvironment(): Market {
  const market = { symbol: text('MARKET_SYMBOL', 'SPX'), interval: text('MARKET_INTERVAL', '1d') };
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/.test(market.symbol)) {
    throw new Problem(`MARKET_SYMBOL=${market.symbol} is not a symbol such as SPX or BTCUSDT`);
  }
  if (!/^[0-9]{1,3}[a-zA-Z]$/.test(market.interval)) {
    throw new Problem(`MARKET_INTERVAL=${market.interval} is not an interval such as 1d or 15m`);
  }
  return market;
}

/** The name of this market's file in each data folder. */
export function marketFile({ symbol, interval }: Market): string {
  return `${symbol}-${interval}.jsonl`;
}

/** A candle's time for people: the day for candles of a day or more, the second for shorter ones. UTC. */
export function timeLabel(openTime: number, interval: string): string {
  const iso = new Date(openTime).toISOString();
  return /[dwM]$/.test(interval) ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z`;
}

/** Whether a record of a file is a candle: every field is there and is a finite number. */
export function isCandle(record: unknown): record is Candle {
  if (typeof record !== 'object' || record === null) return false;
  const fields = new Map(Object.entries(record));
  return ['openTime', 'open', 'high', 'low', 'close', 'volume', 'closeTime'].every(name =>
    Number.isFinite(fields.get(name)),
  );
}

/** What is wrong with a candle that is to follow `previous`; null where nothing is. */
export function problemOf(candle: Candle, previous: Candle | null): string | null {
  const { openTime, open, high, low, close, volume, closeTime } = candle;
  if (!isCandle(candle)) return 'a number is missing or not finite';
  if (high < Math.max(open, close)) return `high ${high} is below open ${open} or close ${close}`;
  if (low > Math.min(open, close)) return `low ${low} is above open ${open} or close ${close}`;
  if (volume < 0) return `volume ${volume} is negative`;
  if (closeTime <= openTime) return 'it closes before it opens';
  if (previous !== null && openTime <= previous.openTime) return 'it is not later than the one before it';
  return null;
}
