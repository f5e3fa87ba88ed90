/** The two levels that a series goes to and fro between, such as runs with and without a garbage collection. */
export interface Modes {
  low: number;
  high: number;
}

interface Mixture extends Modes {
  /** The share of the high mode. */
  share: number;
  variance: number;
}

const FEWEST = 20;
const ROUNDS = 20;
/** Centres that move by less, in standard deviations of the whole, have found their place. */
const STILL = 1e-3;
/** Distance of the modes in standard deviations of one of them. */
const LEAST_DISTANCE = 3.2;
const LEAST_SHARE = 0.06;
const FEWEST_IN_MODE = 4;
/** Beyond what three more parameters cost. */
const LEAST_GAIN = 8;
/** Fewer changes between the modes than chance gives, in standard deviations: then it is a change of level, not a mixture. */
const MOST_ORDER = -2.5;

/**
 * Two modes of equal width that are mixed in time, or null where one is enough.
 *
 * - Purpose: with both centres known, a change of level shows against the narrow noise of a mode instead of the wide one of the mixture.
 * - Convention: accepted where the mixture is better by its likelihood (Bayesian information criterion), the modes are apart, and values
 *   change between them as often as chance would have it (test of Wald and Wolfowitz, 1940).
 * - Cost: 20 rounds of O(n).
 * - Source: expectation maximisation, Dempster, Laird and Rubin, Journal of the Royal Statistical Society B 39 (1977).
 */
export function findModes(values: Float64Array): Modes | null {
  if (values.length < FEWEST) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  if (variance < 1e-12 * Math.max(1, mean * mean)) return null;
  const mixture = fitted(values, mean, variance);
  if (mixture === null || !isApart(mixture, values.length)) return null;
  if (!isBetter(values, mixture, variance) || isOrdered(values, (mixture.low + mixture.high) / 2))
    return null;
  return { low: mixture.low, high: mixture.high };
}

function fitted(values: Float64Array, mean: number, variance: number): Mixture | null {
  const deviation = Math.sqrt(variance);
  let mixture: Mixture = {
    low: mean - deviation,
    high: mean + deviation,
    share: 0.5,
    variance: variance / 4,
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = improved(values, mixture, variance);
    if (next === null) return null;
    const moved = Math.abs(next.low - mixture.low) + Math.abs(next.high - mixture.high);
    mixture = next;
    if (moved < STILL * deviation) break;
  }
  return mixture;
}

function improved(
  values: Float64Array,
  { low, high, share, variance }: Mixture,
  whole: number,
): Mixture | null {
  const odds = Math.log(share / (1 - share));
  let weight = 0;
  let sumLow = 0;
  let sumHigh = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    const fromHigh = (value - high) * (value - high);
    const fromLow = (value - low) * (value - low);
    const isHigh = 1 / (1 + Math.exp(-odds + (fromHigh - fromLow) / (2 * variance)));
    weight += isHigh;
    sumHigh += isHigh * value;
    sumLow += (1 - isHigh) * value;
    squares += isHigh * fromHigh + (1 - isHigh) * fromLow;
  }
  if (weight < 1 || values.length - weight < 1) return null;
  return {
    low: sumLow / (values.length - weight),
    high: sumHigh / weight,
    share: weight / values.length,
    variance: Math.max(squares / values.length, whole * 1e-4),
  };
}

function isApart({ low, high, share, variance }: Mixture, count: number): boolean {
  const smaller = Math.min(share, 1 - share);
  return (
    smaller >= LEAST_SHARE &&
    smaller * count >= FEWEST_IN_MODE &&
    high - low >= LEAST_DISTANCE * Math.sqrt(variance)
  );
}

function isBetter(values: Float64Array, { low, high, share, variance }: Mixture, whole: number): boolean {
  let likelihood = 0;
  for (const value of values) {
    const density =
      (1 - share) * Math.exp(-((value - low) ** 2) / (2 * variance)) +
      share * Math.exp(-((value - high) ** 2) / (2 * variance));
    likelihood += Math.log(density + Number.MIN_VALUE) - 0.5 * Math.log(variance);
  }
  const single = -0.5 * values.length * (1 + Math.log(whole));
  return 2 * (likelihood - single) > 2 * Math.log(values.length) + LEAST_GAIN;
}

/** Whether the values of each mode come in longer stretches than chance gives. */
function isOrdered(values: Float64Array, middle: number): boolean {
  let above = 0;
  let stretches = 1;
  values.forEach((value, index) => {
    if (value > middle) above += 1;
    if (index > 0 && value > middle !== (values[index - 1] ?? 0) > middle) stretches += 1;
  });
  const count = values.length;
  const expected = 1 + (2 * above * (count - above)) / count;
  const deviation = Math.sqrt(Math.max(((expected - 1) * (expected - 2)) / (count - 1), Number.EPSILON));
  return (stretches - expected) / deviation < MOST_ORDER;
}
