import { fitSeason, type Season, seasonAt } from './harmonics.ts';
import { powerOf, strongestPeriod } from './period.ts';

export interface FoundSeason {
  season: Season;
  /** By how much it is better than none (difference of the Bayesian information criterion). */
  gain: number;
}

const FEWEST = 15;
const MOST_HARMONICS = 6;
/** White noise reaches it once in about 2,000 looks at 100 periods. */
const LEAST_POWER = 12;
const LEAST_POWER_GIVEN = 6;
const LEAST_GAIN = 4;
/** What is left of the last cycle when the season, learned without it, is taken away. */
const MOST_LEFT = 0.85;
const CLIP = 3;

/**
 * The season of a series whose level is taken away, or null where there is none that can be relied on: it must stand out of the
 * noise, and, learned from all but the last cycle, it must predict that one.
 *
 * Cost: O(n^2 / 2.5) where the period has to be found.
 *
 * @param values NaN where one is missing
 * @param first the number of the first value in its series
 * @param period null: to be found
 */
export function findSeason(values: Float64Array, first: number, period: number | null): FoundSeason | null {
  const clipped = clippedOf(values);
  if (clipped === null) return null;
  const found = foundPeriod(
    clipped.map(value => (Number.isNaN(value) ? 0 : value)),
    period,
  );
  if (found === null) return null;
  const best = bestFit(clipped, first, found);
  return best !== null && predictsLastCycle(clipped, first, best.season) ? best : null;
}

/** Around their mean, outliers held in; null where there is too little, or nothing but one value. */
function clippedOf(values: Float64Array): Float64Array | null {
  const known = knownOf(values);
  if (known.length < FEWEST) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = aroundMean(known) / known.length;
  if (variance <= Number.EPSILON * mean * mean || variance === 0) return null;
  const limit = CLIP * Math.sqrt(variance);
  return values.map(value => Math.max(-limit, Math.min(limit, value - mean)));
}

function foundPeriod(values: Float64Array, given: number | null): number | null {
  if (given === null) {
    const { period, power } = strongestPeriod(values);
    return power < LEAST_POWER ? null : period;
  }
  const isLongEnough = values.length >= 2 * given;
  return isLongEnough && powerOf(values, given, squares(values)) >= LEAST_POWER_GIVEN ? given : null;
}

/** As many harmonics as earn their place. */
function bestFit(values: Float64Array, first: number, period: number): FoundSeason | null {
  const { length } = knownOf(values);
  const without = length * Math.log(squares(values) / length);
  const most = Math.min(MOST_HARMONICS, Math.floor((period - 1) / 2), Math.floor(length / 6));
  let best: FoundSeason | null = null;
  for (let harmonics = 1; harmonics <= most; harmonics += 1) {
    const season = fitSeason(values, first, period, harmonics);
    const left = Math.max(leftOver(values, first, season), Number.MIN_VALUE);
    const gain = without - length * Math.log(left / length) - 2 * harmonics * Math.log(length);
    if (gain > (best?.gain ?? 0) + LEAST_GAIN) best = { season, gain };
  }
  return best;
}

function predictsLastCycle(values: Float64Array, first: number, season: Season): boolean {
  const cut = values.length - Math.min(season.period, Math.floor(values.length / 3));
  const learned = fitSeason(values.subarray(0, cut), first, season.period, season.harmonics);
  const last = values.subarray(cut);
  const left = last.map((value, index) => value - seasonAt(learned, first + cut + index));
  return aroundMean(knownOf(left)) <= MOST_LEFT * aroundMean(knownOf(last));
}

function leftOver(values: Float64Array, first: number, season: Season): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    const left = (values[index] ?? 0) - seasonAt(season, first + index);
    if (!Number.isNaN(left)) sum += left * left;
  }
  return sum;
}

function squares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value * value), 0);
}

/** The values themselves where none is missing. */
function knownOf(values: Float64Array): Float64Array {
  return values.includes(Number.NaN) ? values.filter(value => !Number.isNaN(value)) : values;
}

function aroundMean(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
