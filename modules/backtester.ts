/**
 * Trades the signals on past prices and compares the result with buying once and holding. Writes data/backtest/:
 * trades.jsonl, equity.csv and summary.json.
 *
 * BACKTEST_FEE_PERCENT        of the traded value, default 0.1
 * BACKTEST_SLIPPAGE_PERCENT   how much worse than the open the price is that one gets, default 0.05
 * BACKTEST_PERIODS_PER_YEAR   candles in a year, for the Sharpe ratio: default 252 trading days
 * MARKET_SYMBOL, MARKET_INTERVAL   default SPX, 1d
 */
import { type Simulation, simulate } from './backtest/simulate.ts';
import { summarise } from './backtest/summary.ts';
import { tradesOf } from './backtest/trades.ts';
import { dataFile, readJsonLines, replaceFile } from './files.ts';
import { toJsonLines } from './json.ts';
import { readCandles } from './market/candle-file.ts';
import { type Candle, type Market, marketFile, marketFromEnvironment, timeLabel } from './market/candles.ts';
import { report } from './metrics.ts';
import { Problem, runModule, say } from './run.ts';
import { number } from './settings.ts';
import { isSignal, type Target } from './signals/signals.ts';

const ADVICE = 'run signal-generator, after collector';

await runModule('backtester', () => {
  const market = marketFromEnvironment();
  const feePercent = number('BACKTEST_FEE_PERCENT', 0.1, { min: 0, max: 50 });
  const slippagePercent = number('BACKTEST_SLIPPAGE_PERCENT', 0.05, { min: 0, max: 50 });
  const costs = { fee: feePercent / 100, slippage: slippagePercent / 100 };
  const periodsPerYear = number('BACKTEST_PERIODS_PER_YEAR', 252, { min: 1, max: 525_960 });
  const { candles, targets } = readInput(market);

  const strategy = simulate(candles, targets, costs);
  const holding = simulate(candles, targets.map(alwaysIn), costs);
  if (strategy.points.length === 0)
    throw new Problem('no signal has a target yet: more than 200 candles are needed');
  const summary = {
    ...market,
    from: timeLabel(strategy.points[0]?.openTime ?? 0, market.interval),
    to: timeLabel(strategy.points.at(-1)?.openTime ?? 0, market.interval),
    costs: { feePercent, slippagePercent },
    strategy: summarise(strategy, periodsPerYear),
    buyAndHold: summarise(holding, periodsPerYear),
  };
  write(strategy, holding, summary, market.interval);

  const { sharpe, cagrPercent, maxDrawdownPercent, trades } = summary.strategy;
  report({ sharpe, cagrPercent, maxDrawdownPercent, trades });
  say(
    `${summary.from} to ${summary.to}: strategy ${words(summary.strategy)}; buy and hold ${words(summary.buyAndHold)}`,
  );
});

/** Holding has one decision, taken when the strategy may take its first one. */
function alwaysIn(target: Target): Target {
  return target === null ? null : 1;
}

/** Candles and targets of the same times. Candles that came after the signals were computed are left out. */
function readInput(market: Market): { candles: Candle[]; targets: Target[] } {
  const signals = readJsonLines(dataFile('signals', marketFile(market)), isSignal, ADVICE);
  const candles = readCandles(dataFile('market', marketFile(market))).slice(0, signals.length);
  const fit = signals.every(({ openTime }, index) => openTime === candles[index]?.openTime);
  if (!fit) throw new Problem(`the signals are not those of the candles: ${ADVICE}`);
  return { candles, targets: signals.map(({ target }) => target) };
}

function write(strategy: Simulation, holding: Simulation, summary: object, interval: string): void {
  const label = (time: number | null): string | null => (time === null ? null : timeLabel(time, interval));
  const trades = tradesOf(strategy.fills, strategy.points).map(trade => ({
    ...trade,
    entryTime: label(trade.entryTime),
    exitTime: label(trade.exitTime),
  }));
  const rows = strategy.points.map(({ openTime, equity, position }, index) =>
    [label(openTime), equity, holding.points[index]?.equity, position].join(','),
  );
  replaceFile(dataFile('backtest', 'trades.jsonl'), toJsonLines(trades));
  replaceFile(dataFile('backtest', 'equity.csv'), `time,strategy,buyAndHold,position\n${rows.join('\n')}\n`);
  replaceFile(dataFile('backtest', 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
}

function words({ cagrPercent, sharpe }: { cagrPercent: number | null; sharpe: number | null }): string {
  return `${cagrPercent?.toFixed(2) ?? '-'} % a year, Sharpe ratio ${sharpe?.toFixed(2) ?? '-'}`;
}
