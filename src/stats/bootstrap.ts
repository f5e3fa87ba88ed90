import type { Interval } from './hodges-lehmann.ts';
import { normalQuantile } from './normal.ts';
import { normalTwoTailed } from './normal-tail.ts';
import { quantile } from './quantile.ts';
import { seededRandom } from './random.ts';

export interface BootstrapSettings {
  /** The interval has the level 1 - alpha. */
  alpha: number;
  seed: number;
  resamples: number;
  /**
   * `percentile` for quantiles; `bca`, which mends bias and skewness, for means and what is made of them: it asks what each single value
   * does to the figure, and a quantile does not say.
   */
  method: 'percentile' | 'bca';
  /** So many neighbours are drawn together; 1 for independent values. */
  blockLength: number;
}

/** A figure of two samples: a difference or a ratio of their means, medians, ... */
export type Figure = (first: Float64Array, second: Float64Array) => number;

/**
 * Bootstrap: the interval of a figure of two samples, from samples that are drawn out of them again and again.
 *
 * - Purpose: by how much the p95 or the mean of a metric changed, for which no formula gives an interval.
 * - Convention: each sample is drawn for itself, with replacement, in circular blocks of neighbours; the same seed gives the same interval.
 *   Resamples that give no finite figure are left out. Null where a sample is empty or no figure is finite.
 * - Cost: `resamples` times the figure, and for `bca` once more for each value.
 * - Source: B. Efron, "Better Bootstrap Confidence Intervals", JASA 82 (1987), 171-185, for two samples as in SciPy; blocks: D. N. Politis
 *   and J. P. Romano, "A Circular Block-Resampling Procedure for Stationary Data" (1992).
 *
 * @example bootstrapInterval(before, after, (a, b) => meanOf(b) / meanOf(a), { ...settings, method: 'bca' })
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
  const mended = settings.method === 'bca' ? mendedEnds(ends, drawn, first, second, figure) : ends;
  const [low = null, high = null] = mended.map(p => quantile(drawn, p));
  return low === null || high === null ? null : { low, high };
}

function draw(from: Float64Array, into: Float64Array, block: number, random: () => number): void {
  for (let start = 0; start < into.length; start += block) {
    const place = Math.floor(random() * from.length);
    for (let step = 0; step < block && start + step < into.length; step++)
      into[start + step] = from[(place + step) % from.length] ?? 0;
  }
}

/** Where the ends lie among the resamples once bias and acceleration are taken into account. */
function mendedEnds(
  ends: number[],
  drawn: readonly number[],
  first: Float64Array,
  second: Float64Array,
  figure: Figure,
): number[] {
  const seen = figure(first, second);
  const below = drawn.reduce((sum, value) => sum + (value < seen ? 1 : value === seen ? 0.5 : 0), 0);
  const bias = normalQuantile(below / drawn.length);
  if (!Number.isFinite(bias)) return ends;
  const acceleration = accelerationOf(first, second, figure);
  return ends.map(end => {
    const z = bias + normalQuantile(end);
    return shareBelow(bias + z / (1 - acceleration * z));
  });
}

function shareBelow(z: number): number {
  const tail = normalTwoTailed(z) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** How skewed the figure is, by what leaving out each single value does to it (the jackknife). */
function accelerationOf(first: Float64Array, second: Float64Array, figure: Figure): number {
  const ofFirst = influences(first, rest => figure(rest, second));
  const ofSecond = influences(second, rest => figure(first, rest));
  const sum = (power: number): number =>
    [ofFirst, ofSecond].reduce(
      (total, each) => total + each.reduce((part, value) => part + value ** power, 0) / each.length ** power,
      0,
    );
  const acceleration = sum(3) / (6 * sum(2) ** 1.5);
  return Number.isFinite(acceleration) ? acceleration : 0;
}

function influences(values: Float64Array, figure: (rest: Float64Array) => number): number[] {
  const without = Array.from(values, (_, left) => figure(values.filter((_, index) => index !== left)));
  const middle = without.reduce((sum, value) => sum + value / without.length, 0);
  return without.map(value => (values.length - 1) * (middle - value));
}
