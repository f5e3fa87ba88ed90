import type { Interval } from './hodges-lehmann.ts';
import { quantile } from './quantile.ts';
import { seededRandom } from './random.ts';

export interface BootstrapSettings {
  /** The interval has the level 1 - alpha. */
  alpha: number;
  seed: number;
  resamples: number;
  /** So many neighbours are drawn together; 1 for independent values. */
  blockLength: number;
}

/** A figure of two samples: a difference or a ratio of their means, medians, ... */
export type Figure = (first: Float64Array, second: Float64Array) => number;

/**
 * Bootstrap: the interval of a figure of two samples, from samples that are drawn out of them again and again.
 *
 * - Purpose: by how much the p95 or the mean of a metric changed, for which no formula gives an interval.
 * - Convention: the interval is that of the percentiles; each sample is drawn for itself, with replacement, in circular blocks of neighbours;
 *   the same seed gives the same interval. Resamples that give no finite figure are left out. Null where a sample is empty or no figure is
 *   finite.
 * - Cost: `resamples` times the figure.
 * - Source: B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7 (1979), 1-26, for two samples as in SciPy;
 *   blocks: D. N. Politis and J. P. Romano, "A Circular Block-Resampling Procedure for Stationary Data" (1992).
 *
 * @example bootstrapInterval(before, after, (a, b) => meanOf(b) / meanOf(a), settings)
 */
export function bootstrapInterval(
  first: Float64Array,
  second: Float64Array,
  figure: Figure,
  settings: BootstrapSettings,
): Interval | null {
  const random = seededRandom(settings.seed);
  const drawn: number[] = [];
  const [a, b] = [new Float64Array(first.length), new Float64Array(second.length)];
  for (let round = 0; round < settings.resamples && a.length > 0 && b.length > 0; round++) {
    draw(first, a, settings.blockLength, random);
    draw(second, b, settings.blockLength, random);
    const value = figure(a, b);
    if (Number.isFinite(value)) drawn.push(value);
  }
  const ends = [settings.alpha / 2, 1 - settings.alpha / 2];
  const [low = null, high = null] = ends.map(p => quantile(drawn, p));
  return low === null || high === null ? null : { low, high };
}

function draw(from: Float64Array, into: Float64Array, block: number, random: () => number): void {
  for (let start = 0; start < into.length; start += block) {
    const place = Math.floor(random() * from.length);
    for (let step = 0; step < block && start + step < into.length; step++)
      into[start + step] = from[(place + step) % from.length] ?? 0;
  }
}
