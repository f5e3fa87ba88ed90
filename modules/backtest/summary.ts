import type { Simulation } from './simulate.ts';
import { cagr, maxDrawdown, sharpe } from './statistics.ts';
import { type Trade, tradesOf } from './trades.ts';

/** What one strategy came to. Percentages are after all costs; null means that there is no such figure yet. */
export interface Summary {
  totalReturnPercent: number;
  cagrPercent: number | null;
  sharpe: number | null;
  maxDrawdownPercent: number;
  /** Share of the closes at which the position was held. */
  exposurePercent: number;
  /** Trades, an open one included. */
  trades: number;
  /** Share of the trades with a gain, among those that are over. */
  winRatePercent: number | null;
}

/** The figures of a simulation that has at least one point. */
export function summarise({ points, fills }: Simulation, periodsPerYear: number): Summary {
  const equity = points.map(point => point.equity);
  const [first, last] = [points[0]?.openTime ?? 0, points.at(-1)?.openTime ?? 0];
  const trades = tradesOf(fills, points);
  const growth = cagr(equity, last - first);
  return {
    totalReturnPercent: ((equity.at(-1) ?? 1) / (equity[0] ?? 1) - 1) * 100,
    cagrPercent: growth === null ? null : growth * 100,
    sharpe: sharpe(equity, periodsPerYear),
    maxDrawdownPercent: maxDrawdown(equity) * 100,
    exposurePercent: (points.filter(({ position }) => position === 1).length / points.length) * 100,
    trades: trades.length,
    winRatePercent: winRatePercent(trades),
  };
}

function winRatePercent(trades: readonly Trade[]): number | null {
  const over = trades.filter(({ exitTime }) => exitTime !== null);
  return over.length === 0
    ? null
    : (over.filter(({ returnPercent }) => returnPercent > 0).length / over.length) * 100;
}
