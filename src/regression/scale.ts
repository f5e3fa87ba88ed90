import type { Interval } from '../stats/hodges-lehmann.ts';
import { isSummary, levelOf, type Reference } from './reference.ts';

/** The scale on which samples are compared, and how a shift on it reads in the metric's unit. */
export interface Scale {
  reference: Reference;
  recent: readonly number[];
  /** Of a shift on this scale. */
  change(shift: number): number;
  /** Null where the reference is 0. */
  changePercent(shift: number): number | null;
  /** The shift that is read as so many percent; null where the reference is 0. */
  shiftOf(percent: number): number | null;
}

/**
 * Where all values are above 0 they are compared by their logarithms: times and sizes spread by factors, and a change is one of so many
 * percent. Else, and against a mean and standard deviation, by the values themselves.
 */
export function scaleOf(reference: Reference, recent: readonly number[]): Scale {
  const level = levelOf(reference).median ?? 0;
  if (isSummary(reference) || !isPositive(reference) || !isPositive(recent)) {
    const percentOf = (shift: number): number | null => finiteOrNull((shift / Math.abs(level)) * 100);
    const shiftOf = (percent: number): number | null =>
      level === 0 ? null : (percent / 100) * Math.abs(level);
    return { reference, recent, change: shift => shift, changePercent: percentOf, shiftOf };
  }
  const logs = typeof reference === 'number' ? Math.log(reference) : reference.map(Math.log);
  return {
    reference: logs,
    recent: recent.map(Math.log),
    change: shift => Math.min(level * Math.expm1(shift), Number.MAX_VALUE),
    changePercent: shift => Math.min(100 * Math.expm1(shift), Number.MAX_VALUE),
    shiftOf: percent => Math.log1p(percent / 100),
  };
}

/** An interval of shifts, in other words. Null where an end has none. */
export function intervalIn(
  interval: Interval | null,
  read: (shift: number) => number | null,
): Interval | null {
  if (interval === null) return null;
  const [low, high] = [read(interval.low), read(interval.high)];
  return low === null || high === null ? null : { low, high };
}

function isPositive(values: number | readonly number[]): boolean {
  return typeof values === 'number' ? values > 0 : values.every(value => value > 0);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
