import { Problem } from '../run.ts';
import { type Candle, type Market, problemOf } from './candles.ts';
import { fetchPage } from './request.ts';

/** The most candles that one request may ask for; a shorter page is the last one. */
const PAGE_SIZE = 1000;

/**
 * The closed candles after `last`, oldest first, page by page; all that there are where `last` is null.
 * A candle that the exchange has not closed yet is left for a later run. Throws a Problem for an exchange that cannot
 * be reached or refuses, and for a candle that cannot be right.
 *
 * @param base where the exchange's API is, such as http://127.0.0.1:4010
 */
export async function* candlesAfter(
  base: string,
  market: Market,
  last: Candle | null,
): AsyncGenerator<Candle[]> {
  for (let previous = last; ; ) {
    const { rows, nowMs } = await fetchPage(klinesUrl(base, market, previous));
    const candles = rows.map(toCandle);
    check(candles, previous);
    const closed = candles.filter(candle => candle.closeTime < nowMs);
    if (closed.length > 0) yield closed;
    if (closed.length < PAGE_SIZE) return;
    previous = closed.at(-1) ?? null;
  }
}

function klinesUrl(base: string, { symbol, interval }: Market, last: Candle | null): URL {
  if (!/^https?:/.test(base) || !URL.canParse(base)) {
    throw new Problem(`MARKET_API_URL=${base} is not a URL such as http://127.0.0.1:4010`);
  }
  const url = new URL(`${base.replace(/\/+$/, '')}/api/v3/klines`);
  const startTime = String(last === null ? 0 : last.openTime + 1);
  url.search = new URLSearchParams({ symbol, interval, startTime, limit: String(PAGE_SIZE) }).toString();
  return url;
}

function toCandle(row: unknown): Candle {
  const [openTime, open, high, low, close, volume, closeTime] = (Array.isArray(row) ? row : []).map(toNumber);
  const missing = Number.NaN;
  return {
    openTime: openTime ?? missing,
    open: open ?? missing,
    high: high ?? missing,
    low: low ?? missing,
    close: close ?? missing,
    volume: volume ?? missing,
    closeTime: closeTime ?? missing,
  };
}

/** Prices come as strings, times as numbers. `Number('')` would be 0: an empty string is no number here. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function check(candles: Candle[], last: Candle | null): void {
  let previous = last;
  for (const candle of candles) {
    const problem = problemOf(candle, previous);
    if (problem !== null)
      throw new Problem(`the exchange sent a bad candle: ${problem} (${JSON.stringify(candle)})`);
    previous = candle;
  }
}
