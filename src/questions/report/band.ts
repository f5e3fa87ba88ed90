import type { KeptBaseline } from '../../baseline/kept.ts';
import type { Point, Rollup } from '../../glossary/history.ts';
import type { Band } from '../../report/data.ts';
import { quantile } from '../../stats/quantile.ts';

/** A rolling band has so many steps, each made of so many values before it. */
const STEPS = 60;
const VALUES = 100;
const FEWEST = 10;

/**
 * What is normal for a metric over the time of a report: the baseline that was set for it, else where nine of ten of the values before lay,
 * anomalies left out.
 *
 * @param anomalous times of runs that were anomalies
 */
export function bandOf(
  baseline: KeptBaseline | null,
  points: readonly Point[],
  rolled: readonly Rollup[],
  anomalous: ReadonlySet<number>,
): Band | null {
  if (baseline !== null) return fixedBand(baseline, points[0]?.timeMs ?? rolled[0]?.startMs ?? 0);
  if (points.length > 0) {
    const normal = points.filter(({ timeMs }) => !anomalous.has(timeMs));
    return rollingBand(
      normal.map(each => each.timeMs),
      normal.map(each => each.value),
    );
  }
  return rollingBand(
    rolled.map(each => each.startMs),
    rolled.map(each => each.p50),
  );
}

function fixedBand({ percentiles, mean, standardDeviation }: KeptBaseline, timeMs: number): Band {
  const spread = 2 * (standardDeviation ?? 0);
  return {
    timesMs: [timeMs],
    low: [percentiles?.p5 ?? mean - spread],
    high: [percentiles?.p95 ?? mean + spread],
  };
}

function rollingBand(timesMs: readonly number[], values: readonly number[]): Band | null {
  if (values.length <= FEWEST) return null;
  const every = Math.max(1, Math.ceil((values.length - FEWEST) / STEPS));
  const places = Array.from(
    { length: Math.ceil((values.length - FEWEST) / every) },
    (_, step) => FEWEST + step * every,
  );
  const at = (place: number, p: number): number =>
    quantile(values.slice(Math.max(0, place - VALUES), place), p) ?? 0;
  return {
    timesMs: places.map(place => timesMs[place] ?? 0),
    low: places.map(place => at(place, 0.05)),
    high: places.map(place => at(place, 0.95)),
  };
}
