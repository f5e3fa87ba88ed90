import { bootstrapInterval } from '../stats/bootstrap.ts';
import type { Interval } from '../stats/hodges-lehmann.ts';
import { isMeasurable } from '../stats/measurable.ts';
import { quantileOfSorted } from '../stats/quantile.ts';
import { quantileOfPlaces, sortedPlaces } from '../stats/quantile-of-places.ts';
import { serialInflation } from '../stats/serial-inflation.ts';
import { isSummary, type Reference } from './reference.ts';

/** How the p95 by itself changed, where `compareSamples` says of the whole. */
export interface TailChange {
  reference: number;
  recent: number;
  /** Null where the reference is 0. */
  changePercent: number | null;
  /** Each by itself, at 95 %. */
  intervalPercent: Interval | null;
}

const P = 0.95;
const SETTINGS = { alpha: 0.05, seed: 1, resamples: 1_000 };

/**
 * So many runs have to be on each side, worth so many independent ones. Of 20 runs one is beyond the p95: an interval drawn out of them is
 * wrong up to seven times as often as it says.
 */
const FEWEST = { values: 100, independent: 75 };
/** Of more values the newest ones are taken. */
const MOST = 500;
/** Beyond this part the blocks would be most of a sample. */
const LONGEST_SHARE = 4;

/**
 * By how much the p95 of a metric changed, with its interval.
 *
 * - Purpose: a tail that grows while the middle stays, which a test of the whole hardly sees.
 * - Convention: bootstrap over both samples, by its percentiles; runs that resemble their neighbours are drawn in blocks as long as the
 *   correlation makes them. Null where a side has fewer than 100 values, or they are worth fewer than 75 independent ones, and against a
 *   number or a summary.
 * - Cost: 1,000 resamples times O(n): 10 ms for some hundreds of values.
 *
 * @example tailChange(lastWeek, today)?.changePercent // 80
 */
export function tailChange(reference: Reference, given: readonly number[]): TailChange | null {
  if (typeof reference === 'number' || isSummary(reference)) return null;
  const samples = [newest(reference), newest(given)] as const;
  const fewest = Math.min(...samples.map(({ length }) => length));
  if (fewest < FEWEST.values) return null;
  const inflation = serialInflation(samples);
  if (fewest / inflation < FEWEST.independent) return null;
  return changeOf(samples, Math.min(Math.ceil(inflation), Math.floor(fewest / LONGEST_SHARE)));
}

function changeOf([reference, recent]: readonly [number[], number[]], blockLength: number): TailChange {
  const [first, second] = [sortedPlaces(reference), sortedPlaces(recent)];
  const [a, b] = [first, second].map(({ sorted }) => quantileOfSorted(sorted, P) ?? 0) as [number, number];
  const percent = (from: number, to: number): number => ((to - from) / Math.abs(from)) * 100;
  const change = percent(a, b);
  const known = { reference: a, recent: b };
  if (!Number.isFinite(change)) return { ...known, changePercent: null, intervalPercent: null };
  const drawn = (before: Float64Array, after: Float64Array): number =>
    percent(quantileOfPlaces(first.sorted, before, P), quantileOfPlaces(second.sorted, after, P));
  const intervalPercent = bootstrapInterval(first.places, second.places, drawn, { ...SETTINGS, blockLength });
  return { ...known, changePercent: change, intervalPercent };
}

function newest(values: readonly number[]): number[] {
  return values.filter(isMeasurable).slice(-MOST);
}
