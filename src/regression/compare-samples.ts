import { QUALITY_METRICS } from '../judge/worse.ts';
import { holm } from '../stats/holm.ts';
import { isMeasurable } from '../stats/measurable.ts';
import { type Comparison, isLarge, type Options, verdictOf } from './comparison.ts';
import { type Effect, effectOf } from './effect.ts';
import { neededFor } from './needed.ts';
import { isSummary, levelOf, type Reference } from './reference.ts';
import { intervalIn, type Scale, scaleOf } from './scale.ts';
import { worseWhen } from './worse.ts';

const DEFAULT = { alpha: 0.05, thresholdPercent: 3, degradationThreshold: 0.01, seekPercent: 5 };

/** Fewer recent runs are no level, and one wild run among them would make one. */
const FEWEST = 3;

/** Of more values the newest ones are compared. */
const MOST = { values: 20_000, againstNumber: 1_000 };

/**
 * Whether recent runs are worse than a reference, better, or not to be told apart, and by how much.
 *
 * - Convention: the test of Mann and Whitney and the shift of Hodges and Lehmann, on logarithms where all values are above 0; against one
 *   number the signed-rank test of Wilcoxon, against a mean and standard deviation Welch's. Runs that resemble their neighbours count for
 *   less (see stats/serial-inflation.ts). `worse` needs both: p at most alpha, and a change of at least the threshold and the floor.
 * - Cost: O(n log n); about a millisecond for some hundreds of values.
 *
 * @param reference values (oldest first), one number, or n, mean and standard deviation; values that are not finite, or beyond 10^150, are passed over
 * @param recent values, oldest first
 * @example compareSamples([1, 1.1, 0.9, 1, 1.05, 0.95], [2, 2.1, 1.9, 2], { metric: 'runtimeSeconds' }).verdict // 'worse'
 */
export function compareSamples(
  reference: Reference,
  recent: readonly number[],
  options: Options = {},
): Comparison {
  const alpha = options.alpha ?? DEFAULT.alpha;
  const known =
    typeof reference === 'number' || isSummary(reference) ? reference : newest(reference, MOST.values);
  const values = newest(recent, typeof reference === 'number' ? MOST.againstNumber : MOST.values);
  const scale = scaleOf(known, values);
  const effect = effectOf(scale.reference, scale.recent, alpha);
  const figures = {
    ...figuresOf(scale, effect),
    ...settingsOf(options),
    alpha,
    reference: levelOf(known),
    recent: levelOf(values),
  };
  const isEnough = values.length >= FEWEST && isFilled(known) && figures.interval !== null;
  const seen = isLarge(figures) ? figures.changePercent : null;
  const inflation = effect?.inflation ?? 1;
  const percent =
    options.seekPercent ?? Math.max(Math.abs(seen ?? DEFAULT.seekPercent), figures.thresholdPercent);
  const count = values.length + (typeof known === 'number' ? 0 : figures.reference.n);
  return {
    verdict: verdictOf(figures, isEnough),
    ...figures,
    effectiveCount: count / inflation,
    needed: neededFor(percent, scale, { alpha, inflation }),
  };
}

/**
 * The same comparisons, judged as one check: p values by Holm's correction, so that the chance of any false verdict among all of them stays
 * below alpha. Intervals stay as they are, each by itself.
 */
export function judgedTogether<T extends Comparison>(comparisons: readonly T[]): T[] {
  const tested = comparisons.filter(({ verdict, p }) => verdict !== 'too-few' && p !== null);
  const adjusted = holm(tested.map(({ p }) => p ?? 1));
  const pOf = new Map(tested.map((comparison, index) => [comparison, adjusted[index] ?? 1]));
  return comparisons.map(comparison => {
    const judged = { ...comparison, pAdjusted: pOf.get(comparison) ?? comparison.p };
    return { ...judged, verdict: verdictOf(judged, comparison.verdict !== 'too-few') };
  });
}

function newest(values: readonly number[], most: number): number[] {
  return values.filter(isMeasurable).slice(-most);
}

function isFilled(reference: Reference): boolean {
  return typeof reference === 'number' || isSummary(reference) || reference.length >= FEWEST;
}

function figuresOf(
  scale: Scale,
  effect: Effect | null,
): Pick<Comparison, 'change' | 'changePercent' | 'interval' | 'intervalPercent' | 'p' | 'pAdjusted'> {
  const p = effect?.p ?? null;
  const interval = effect?.interval ?? null;
  return {
    change: effect === null ? null : scale.change(effect.shift),
    changePercent: effect === null ? null : scale.changePercent(effect.shift),
    interval: intervalIn(interval, scale.change),
    intervalPercent: intervalIn(interval, scale.changePercent),
    p,
    pAdjusted: p,
  };
}

function settingsOf(options: Options): Pick<Comparison, 'worseWhen' | 'thresholdPercent' | 'floor'> {
  const metric = options.metric ?? null;
  const isQuality = metric !== null && QUALITY_METRICS.includes(metric);
  const thresholdPercent = isQuality
    ? 100 * (options.degradationThreshold ?? DEFAULT.degradationThreshold)
    : (options.thresholdPercent ?? DEFAULT.thresholdPercent);
  const way = options.worseWhen ?? (metric === null ? null : worseWhen(metric));
  return { worseWhen: way, thresholdPercent, floor: options.floor ?? 0 };
}
