/**
 * Computes indicators and a position for every candle and writes data/signals/<symbol>-<interval>.jsonl.
 * Everything is computed anew each time: some thousand candles take milliseconds, and nothing can go stale.
 *
 * MARKET_SYMBOL    default SPX
 * MARKET_INTERVAL  default 1d
 */
import { dataFile, replaceFile } from './files.ts';
import { toJsonLines } from './json.ts';
import { readCandles } from './market/candle-file.ts';
import { marketFile, marketFromEnvironment } from './market/candles.ts';
import { report } from './metrics.ts';
import { runModule, say } from './run.ts';
import { openIndicators } from './signals/indicators.ts';
import { computeSignals } from './signals/signals.ts';

await runModule('signal-generator', async () => {
  const market = marketFromEnvironment();
  const candles = readCandles(dataFile('market', marketFile(market)));
  const signals = computeSignals(candles, market.interval, await openIndicators());
  replaceFile(dataFile('signals', marketFile(market)), toJsonLines(signals));

  const inMarket = signals.filter(({ target }) => target === 1).length;
  report({ signals: signals.length, daysInMarket: inMarket });
  const last = signals.at(-1);
  say(
    `${signals.length} signals, in the market for ${inMarket}; the last one, of ${last?.time}: ${last?.target}`,
  );
});
