import type { Fill, Point } from './simulate.ts';

/** A buy and the sell that ended it. While it is open, exit time and price are null and the last close counts. */
export interface Trade {
  entryTime: number;
  entryPrice: number;
  exitTime: number | null;
  exitPrice: number | null;
  /** Gain or loss after all costs so far, in percent of what was paid. */
  returnPercent: number;
}

/** Pairs each buy with the sell after it; at most the last trade is open. */
export function tradesOf(fills: readonly Fill[], points: readonly Point[]): Trade[] {
  return fills.flatMap((fill, index) =>
    fill.side === 'buy' ? [toTrade(fill, fills[index + 1] ?? null, points)] : [],
  );
}

function toTrade(entry: Fill, exit: Fill | null, points: readonly Point[]): Trade {
  const worth = exit?.cash ?? points.at(-1)?.equity ?? entry.cash;
  return {
    entryTime: entry.openTime,
    entryPrice: entry.price,
    exitTime: exit?.openTime ?? null,
    exitPrice: exit?.price ?? null,
    returnPercent: (worth / entry.cash - 1) * 100,
  };
}
