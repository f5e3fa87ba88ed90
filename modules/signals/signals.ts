import { type Candle, timeLabel } from '../market/candles.ts';
import type { IndicatorStream, Indicators } from './indicators.ts';

/** 1: be in the market, 0: be out of it, null: not known yet. */
export type Target = 0 | 1 | null;

/** What is known at the close of one candle, and the position to take from the next open on. */
export interface Signal extends Indicators {
  /** For people: the day, or the second for candles shorter than a day. */
  time: string;
  openTime: number;
  close: number;
  target: Target;
}

/** An index that rose so far within 14 candles is taken for overbought: a usual level of the relative strength index. */
const OVERBOUGHT = 70;

/** One signal for each candle. A signal depends on its own candle and earlier ones only. */
export function computeSignals(
  candles: readonly Candle[],
  interval: string,
  stream: IndicatorStream,
): Signal[] {
  let target: Target = null;
  return candles.map(({ openTime, close }) => {
    const indicators = stream(close);
    target = nextTarget(target, indicators);
    return { time: timeLabel(openTime, interval), openTime, close, ...rounded(indicators), target };
  });
}

/**
 * The trend decides: out of the market while the 50-day average is not above the 200-day average. Going in also takes a
 * rising price (rate of change above 0) that is not overbought; staying in does not.
 */
export function nextTarget(current: Target, { sma50, sma200, rsi14, roc20 }: Indicators): Target {
  if (sma50 === null || sma200 === null || rsi14 === null || roc20 === null) return null;
  if (sma50 <= sma200) return 0;
  if (current === 1) return 1;
  return roc20 > 0 && rsi14 < OVERBOUGHT ? 1 : 0;
}

/** Six decimals are enough to read; the target was decided on the full values. */
function rounded({ sma50, sma200, rsi14, roc20 }: Indicators): Indicators {
  return { sma50: round(sma50), sma200: round(sma200), rsi14: round(rsi14), roc20: round(roc20) };
}

function round(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(6));
}

/** Whether a record of a file has what a backtest needs of a signal. */
export function isSignal(record: unknown): record is Pick<Signal, 'openTime' | 'target'> {
  if (typeof record !== 'object' || record === null || !('openTime' in record) || !('target' in record))
    return false;
  const { openTime, target } = record;
  return Number.isFinite(openTime) && (target === 0 || target === 1 || target === null);
}
