import { WatchkeeperError } from '../errors.ts';
import { mean } from '../stats/mean.ts';
import { outliersIn } from '../stats/outliers.ts';
import { quantile } from '../stats/quantile.ts';
import { serialInflation } from '../stats/serial-inflation.ts';
import { standardDeviation } from '../stats/spread.ts';
import type { Summary } from '../stats/welch.ts';
import type { Baseline, Percentiles } from './baseline.ts';
import { seasonIn, withoutSeason } from './season.ts';
import { modesIn, warningsOf } from './warnings.ts';

/**
 * The baseline of a metric's values.
 *
 * - Convention: outliers (stats/outliers.ts, looked for beside the season) are left out of every figure; the season is not taken out of
 *   them: mean and percentiles are those of the runs as they were. What is not finite is passed over, but keeps its place in the indices.
 * - Cost: O(n log n) and some milliseconds for the search for changes and rhythms.
 *
 * @param values oldest first
 * @param timesMs of the values, in milliseconds since 1970; null where they are not known
 * @param period runs per season; null: found, where there is one
 * @throws WatchkeeperError `usage` where there is no value
 */
export function makeBaseline(
  values: readonly number[],
  { timesMs = null, period = null }: { timesMs?: readonly number[] | null; period?: number | null } = {},
): Baseline {
  const places = values.flatMap((value, index) => (Number.isFinite(value) ? [index] : []));
  const measured = places.map(place => values[place] ?? 0);
  const times = timesMs === null ? null : places.map(place => timesMs[place] ?? 0);
  if (measured.length === 0)
    throw new WatchkeeperError(
      'usage',
      'there are no runs to make a baseline of: name others, or give numbers',
    );
  const season = seasonIn(measured, times, period);
  const level = withoutSeason(measured, times, season);
  const wild = new Set(outliersIn(level));
  const isKept = (_: number, index: number): boolean => !wild.has(index);
  const kept = measured.filter(isKept);
  const steady = level.filter(isKept);
  const modes = modesIn(steady);
  return {
    kind: 'measured',
    ...figuresOf(kept),
    outliers: [...wild].map(index => ({ index: places[index] ?? 0, value: measured[index] ?? 0 })),
    season,
    modes,
    effectiveCount: kept.length / serialInflation([steady]),
    warnings: warningsOf(steady, modes),
  };
}

/**
 * A baseline of numbers that a user has set.
 *
 * @param mean what runs are expected at
 * @param standardDeviation their noise, where it is known
 * @throws WatchkeeperError `usage` where a number makes no sense
 */
export function givenBaseline(mean: number, standardDeviation: number | null = null): Baseline {
  if (!Number.isFinite(mean))
    throw new WatchkeeperError('usage', `${mean} is no baseline: give a number, such as 2.5`);
  if (standardDeviation !== null && !(standardDeviation >= 0 && Number.isFinite(standardDeviation)))
    throw new WatchkeeperError(
      'usage',
      `${standardDeviation} is no standard deviation: give a number from 0 on`,
    );
  return {
    ...{ kind: 'given', n: 0, mean, standardDeviation, percentiles: null, min: null, max: null },
    ...{ outliers: [], season: null, modes: null, effectiveCount: 0, warnings: [] },
  };
}

/** What runs are compared with where the values behind a baseline are gone: n, mean and deviation, or a bare number. */
export function referenceOf({ mean, standardDeviation, effectiveCount }: Baseline): Summary | number {
  const n = Math.floor(effectiveCount);
  return standardDeviation === null || n < 2 ? mean : { n, mean, standardDeviation };
}

function figuresOf(
  kept: readonly number[],
): Pick<Baseline, 'n' | 'mean' | 'standardDeviation' | 'percentiles' | 'min' | 'max'> {
  const at = (percent: number): number => quantile(kept, percent / 100) ?? 0;
  const percentiles: Percentiles = {
    p5: at(5),
    p25: at(25),
    p50: at(50),
    p75: at(75),
    p95: at(95),
    p99: at(99),
  };
  return {
    n: kept.length,
    mean: mean(kept) ?? 0,
    standardDeviation: standardDeviation(kept),
    percentiles,
    min: at(0),
    max: at(100),
  };
}
