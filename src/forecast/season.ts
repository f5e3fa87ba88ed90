import { period } from '../stats/period.ts';
import { quantile } from '../stats/quantile.ts';
import { phaseMeans } from './phases.ts';

const FEWEST = 12;

/** How much of the variance of the last third the season of the first two thirds has to explain. */
const LEAST_GAIN = 0.1;

/** A longer season has to explain so much more than a shorter one. */
const BETTER = 0.02;

/** In mean distances: what lies further off is held in, so that one outlier makes no season. */
const CLIP = 4;

/**
 * The period of a series: what the calendar suggests and what the autocorrelation shows are tried, and the one is taken whose season,
 * learned from the first two thirds, tells the last third best.
 *
 * - Convention: at least three whole seasons. About a moving mean as long as the season, so that a level that wanders hides nothing. Null
 *   where no season explains a tenth of the variance.
 * - Cost: O(n^2 / 3), twice, for the autocorrelation; O(n) a candidate.
 *
 * @param natural periods that the calendar suggests, in values
 */
export function foundPeriod(values: Float64Array, natural: readonly number[]): number | null {
  if (values.length < FEWEST) return null;
  const shown = [period(values), period(stepsOf(values))].filter(each => each !== null);
  let best: { period: number | null; gain: number } = { period: null, gain: LEAST_GAIN - BETTER };
  for (const candidate of [...new Set([...natural, ...shown])].sort((a, b) => a - b)) {
    if (candidate < 2 || 3 * candidate > values.length) continue;
    const gain = explained(values, candidate);
    if (gain > best.gain + BETTER) best = { period: candidate, gain };
  }
  return best.period;
}

function stepsOf(values: Float64Array): Float64Array {
  return values.slice(1).map((value, at) => value - (values[at] as number));
}

/** The share of the variance of the last third that the season of the first two explains; negative where it makes things worse. */
function explained(values: Float64Array, candidate: number): number {
  const about = clipped(aboutMovingMean(values, candidate));
  const cut = Math.max(2 * candidate, Math.floor((2 * values.length) / 3));
  const season = phaseMeans(about.subarray(0, cut), candidate);
  if (season === null) return 0;
  let whole = 0;
  let left = 0;
  for (let at = cut; at < about.length; at += 1) {
    whole += (about[at] as number) ** 2;
    left += ((about[at] as number) - (season[at % candidate] as number)) ** 2;
  }
  return whole === 0 ? 0 : 1 - left / whole;
}

/** The window is cut where it would leave the series. */
function aboutMovingMean(values: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at += 1) sums[at + 1] = (sums[at] as number) + (values[at] as number);
  return values.map((value, at) => {
    const from = Math.max(0, at - (width >> 1));
    const to = Math.min(values.length, from + width);
    return value - ((sums[to] as number) - (sums[from] as number)) / (to - from);
  });
}

function clipped(values: Float64Array): Float64Array {
  const far = CLIP * (quantile(values.map(Math.abs), 0.5) ?? 0);
  return far === 0 ? values : values.map(value => Math.min(Math.max(value, -far), far));
}
