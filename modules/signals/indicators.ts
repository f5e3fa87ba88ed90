import { Problem } from '../run.ts';

/** Indicator values of one candle; null until an indicator has seen enough candles. */
export interface Indicators {
  /** Simple moving average of the last 50 closes. */
  sma50: number | null;
  /** Simple moving average of the last 200 closes. */
  sma200: number | null;
  /** Relative strength index (0 to 100) over 14 candles, smoothed as by Wilder; 100 where no close was lower. */
  rsi14: number | null;
  /** Rate of change, the momentum: close / close 20 candles ago - 1. */
  roc20: number | null;
}

/** Takes closes one by one, oldest first, and gives the indicators as of the close that it was given. */
export type IndicatorStream = (close: number) => Indicators;

/**
 * A new stream. This is the one place that needs the package trading-signals, loaded here and not by an `import` above so
 * that its absence can be told in words. Throws a Problem where it is not installed.
 */
export async function openIndicators(): Promise<IndicatorStream> {
  const { ROC, RSI, SMA } = await import('trading-signals').catch((cause: unknown) => {
    const advice = 'run "npm install trading-signals@8.3.0" in the workspace';
    throw new Problem(`the package trading-signals cannot be loaded: ${advice} (${cause})`);
  });
  const [fast, slow, rsi, roc] = [new SMA(50), new SMA(200), new RSI(14), new ROC(20)];
  return close => ({
    sma50: fast.add(close),
    sma200: slow.add(close),
    rsi14: rsi.add(close),
    roc20: roc.add(close),
  });
}
