/**
 * Figures of merit of an equity curve: its values at each close, oldest first, all above 0.
 * Null means that a figure has no value, such as a ratio over nothing.
 */

const YEAR_MS = 365.25 * 86_400_000;

/**
 * Compound annual growth rate: the constant yearly rate that leads from the first value to the last.
 * (last / first)^(1 / years) - 1, a year being 365.25 days of the calendar. Null for no time at all.
 *
 * @example cagr([1, 1.21], 2 * YEAR_MS) is 0.1
 */
export function cagr(equity: readonly number[], durationMs: number): number | null {
  const [first, last] = [equity[0], equity.at(-1)];
  if (first === undefined || last === undefined || durationMs <= 0) return null;
  return (last / first) ** (YEAR_MS / durationMs) - 1;
}

/**
 * Sharpe ratio: mean return per period over its standard deviation, annualised by the square root of the periods in a
 * year (252 trading days), against a riskless return of 0. Simple returns from close to close; standard deviation of a
 * sample (n - 1). Null for fewer than two returns and for returns that do not vary.
 * Source: W. F. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21 (1994), the ex post ratio.
 */
export function sharpe(equity: readonly number[], periodsPerYear: number): number | null {
  const returns = equity.slice(1).map((value, index) => value / (equity[index] ?? value) - 1);
  if (returns.length < 2) return null;
  const mean = sum(returns) / returns.length;
  const variance = sum(returns.map(value => (value - mean) ** 2)) / (returns.length - 1);
  return variance > 0 ? (mean / Math.sqrt(variance)) * Math.sqrt(periodsPerYear) : null;
}

/**
 * Maximum drawdown: the largest loss from a peak to a later low, as a fraction of the peak; 0 for a curve that never falls.
 *
 * @example maxDrawdown([1, 2, 1.5, 3, 2.4]) is 0.25
 */
export function maxDrawdown(equity: readonly number[]): number {
  let peak = 0;
  let deepest = 0;
  for (const value of equity) {
    peak = Math.max(peak, value);
    deepest = Math.max(deepest, 1 - value / peak);
  }
  return deepest;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
