import { quantile } from '../stats/quantile.ts';

/** The scale on which runs are compared: logarithms where all are above 0, because times and sizes spread by factors. */
export interface BisectScale {
  of(value: number): number;
  /** A distance on this scale as a change in percent; null where percents mean nothing, because the level is 0. */
  percent(distance: number): number | null;
  /** The distance of so many percent. */
  distance(percent: number): number;
}

/** A value at or below 0 that comes later has no logarithm: it counts as so many times smaller than the smallest. */
const FAR_BELOW = 1e-3;

/** @param good, bad values of both ends, one or more of each */
export function bisectScale(good: readonly number[], bad: readonly number[]): BisectScale {
  const smallest = Math.min(...good, ...bad);
  if (smallest > 0)
    return {
      of: value => Math.log(Math.max(value, smallest * FAR_BELOW)),
      percent: distance => 100 * Math.expm1(distance),
      distance: percent => Math.log1p(percent / 100),
    };
  const level = Math.abs(quantile(good, 0.5) ?? 0);
  return {
    of: value => value,
    percent: distance => (level === 0 ? null : (100 * distance) / level),
    distance: percent => (percent / 100) * level,
  };
}
