/**
 * Fetches the candles that are new since the last run and appends them to data/market/<symbol>-<interval>.jsonl.
 *
 * MARKET_API_URL   where the exchange's API is (default http://127.0.0.1:4010, the service market-feed)
 * MARKET_SYMBOL    default SPX
 * MARKET_INTERVAL  default 1d
 */
import { dataFile } from './files.ts';
import { appendCandles, openCandleFile } from './market/candle-file.ts';
import { marketFile, marketFromEnvironment } from './market/candles.ts';
import { candlesAfter } from './market/exchange.ts';
import { report } from './metrics.ts';
import { runModule, say } from './run.ts';
import { text } from './settings.ts';

await runModule('collector', async () => {
  const market = marketFromEnvironment();
  const url = text('MARKET_API_URL', 'http://127.0.0.1:4010');
  const path = dataFile('market', marketFile(market));
  const file = openCandleFile(path);
  if (file.repairedBytes > 0) say(`${path} had a torn last line: ${file.repairedBytes} bytes cut off`);

  let collected = 0;
  // Each page is on disk before the next is asked for: what a failure leaves behind is a good beginning.
  for await (const page of candlesAfter(url, market, file.last)) {
    appendCandles(path, page);
    collected += page.length;
  }
  report({ rowsCollected: collected, rowsTotal: file.count + collected });
  say(`${market.symbol} ${market.interval}: ${collected} new candles, ${file.count + collected} in all`);
});
