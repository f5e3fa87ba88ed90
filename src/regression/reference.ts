import { mean } from '../stats/mean.ts';
import { quantile } from '../stats/quantile.ts';
import type { Summary } from '../stats/welch.ts';

/** What runs are compared with: values (oldest first), one fixed number, or what is known of values that are gone. */
export type Reference = readonly number[] | number | Summary;

/** A sample in figures. */
export interface Level {
  /** 1 for a fixed number. */
  n: number;
  /** Null without values; so is the median. */
  mean: number | null;
  /** Of a summary its mean. */
  median: number | null;
}

export function levelOf(reference: Reference): Level {
  if (typeof reference === 'number') return { n: 1, mean: reference, median: reference };
  if (isSummary(reference)) return { n: reference.n, mean: reference.mean, median: reference.mean };
  return {
    n: reference.length,
    mean: mean(reference),
    median: quantile(reference, 0.5),
  };
}

export function isSummary(reference: Reference): reference is Summary {
  return typeof reference !== 'number' && 'standardDeviation' in reference;
}
