import type { Candle } from '../market/candles.ts';
import type { Target } from '../signals/signals.ts';

/** Fractions of the traded value: 0.001 is 0.1 %. */
export interface Costs {
  fee: number;
  /** How much worse than the open the price is that one gets. */
  slippage: number;
}

/** One execution. All of the money is moved, so `cash` is what was paid, or received, costs included. */
export interface Fill {
  openTime: number;
  side: 'buy' | 'sell';
  price: number;
  cash: number;
}

/** The account at the close of one candle. It begins with 1. */
export interface Point {
  openTime: number;
  equity: number;
  position: 0 | 1;
}

export interface Simulation {
  points: Point[];
  fills: Fill[];
}

interface Account {
  cash: number;
  units: number;
}

/**
 * Walks forward through the candles: what the target of one candle asks for is executed at the OPEN of the next one, the
 * first price at which one could have acted on it. It begins at the first candle that has a target: the warm-up of
 * the indicators counts neither for nor against the strategy. Equity is marked at each close, without costs of selling.
 *
 * @param targets one for each candle, in the same order
 */
export function simulate(
  candles: readonly Pick<Candle, 'openTime' | 'open' | 'close'>[],
  targets: readonly Target[],
  costs: Costs,
): Simulation {
  const begin = targets.findIndex(target => target !== null);
  let account: Account = { cash: 1, units: 0 };
  let ordered: Target = null;
  const points: Point[] = [];
  const fills: Fill[] = [];

  for (const [index, { openTime, open, close }] of begin === -1 ? [] : candles.slice(begin).entries()) {
    const held = account.units > 0 ? 1 : 0;
    if (ordered !== null && ordered !== held) {
      const trade = ordered === 1 ? buy(account, open, costs) : sell(account, open, costs);
      account = trade.account;
      fills.push({ openTime, ...trade.fill });
    }
    const position = account.units > 0 ? 1 : 0;
    points.push({ openTime, equity: account.cash + account.units * close, position });
    ordered = targets[begin + index] ?? null;
  }
  return { points, fills };
}

type Trade = { account: Account; fill: Omit<Fill, 'openTime'> };

/** The fee comes on top of the price, so that all cash buys cash / (price x (1 + fee)) units. */
function buy({ cash }: Account, open: number, { fee, slippage }: Costs): Trade {
  const price = open * (1 + slippage);
  return { account: { cash: 0, units: cash / (price * (1 + fee)) }, fill: { side: 'buy', price, cash } };
}

function sell({ units }: Account, open: number, { fee, slippage }: Costs): Trade {
  const price = open * (1 - slippage);
  const cash = units * price * (1 - fee);
  return { account: { cash, units: 0 }, fill: { side: 'sell', price, cash } };
}
