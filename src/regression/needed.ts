import { quantile } from '../stats/quantile.ts';
import { sampleSize, secondSampleSize } from '../stats/sample-size.ts';
import { standardDeviation } from '../stats/spread.ts';
import type { Needed } from './comparison.ts';
import { isSummary, type Reference } from './reference.ts';
import type { Scale } from './scale.ts';

const POWER = 0.8;
/** Of Mann and Whitney's test where the noise is normal. */
const EFFICIENCY = 3 / Math.PI;
/** Wild runs count as so many deviations: the tests do not mind them. */
const HELD = 3;
const TO_DEVIATION = 1 / 1.349;

/**
 * How many runs it takes to see a change of so many percent.
 *
 * @param scale on which the comparison was made
 * @returns null where fewer than two values tell of the noise, or percents mean nothing
 */
export function neededFor(
  percent: number,
  { reference, recent, shiftOf }: Scale,
  { alpha, inflation }: { alpha: number; inflation: number },
): Needed | null {
  const noise = noiseOf(reference, recent);
  const difference = shiftOf(percent);
  if (noise === null || difference === null) return null;
  const wanted = {
    difference,
    noise: noise * Math.sqrt(inflation),
    power: POWER,
    alpha,
    efficiency: EFFICIENCY,
  };
  return { percent, recent: secondSampleSize(wanted, sizeOf(reference)), each: sampleSize(wanted) };
}

function sizeOf(reference: Reference): number {
  if (typeof reference === 'number') return Number.POSITIVE_INFINITY;
  return isSummary(reference) ? reference.n : reference.length;
}

/** Standard deviation within the samples, pooled by their degrees of freedom. */
function noiseOf(reference: Reference, recent: readonly number[]): number | null {
  const samples = [recent, ...(Array.isArray(reference) ? [reference as readonly number[]] : [])];
  let [squares, freedom] = [0, 0];
  for (const sample of samples.filter(({ length }) => length >= 2)) {
    squares += (sample.length - 1) * (standardDeviation(held(sample)) ?? 0) ** 2;
    freedom += sample.length - 1;
  }
  if (typeof reference !== 'number' && isSummary(reference)) {
    squares += (reference.n - 1) * reference.standardDeviation ** 2;
    freedom += reference.n - 1;
  }
  return freedom > 0 ? Math.sqrt(squares / freedom) : null;
}

function held(sample: readonly number[]): number[] {
  const [low = 0, middle = 0, high = 0] = [0.25, 0.5, 0.75].map(p => quantile(sample, p) ?? 0);
  const reach = HELD * (high - low) * TO_DEVIATION;
  if (reach === 0) return [...sample];
  return sample.map(value => Math.min(Math.max(value, middle - reach), middle + reach));
}
