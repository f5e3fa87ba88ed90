const SHORTEST = 4;
const FEWEST_CYCLES = 2.5;
/** A second harmonic counts as far as it is more than what noise gives it. */
const NOISE_POWER = 2;

/** A period, and how strong it is: the power at it and its second harmonic, in units in which white noise has 1 on average. */
export interface FoundPeriod {
  period: number;
  power: number;
}

/**
 * The strongest period of a series without trend.
 *
 * - Purpose: finds a daily rhythm nobody has told of. Among m periods white noise exceeds a power of x with a chance of about m e^-x.
 * - Convention: whole periods from 4 observations on, at least 2.5 cycles long.
 * - Cost: O(n^2 / 2.5) additions: values at the same place of a cycle count together.
 * - Source: the periodogram; Fisher, "Tests of significance in harmonic analysis", Proceedings of the Royal Society A 125 (1929);
 *   single frequencies by Goertzel, American Mathematical Monthly 65 (1958).
 */
export function strongestPeriod(values: Float64Array): FoundPeriod {
  let total = 0;
  for (const value of values) total += value * value;
  let best: FoundPeriod = { period: 0, power: 0 };
  for (let period = SHORTEST; period <= values.length / FEWEST_CYCLES; period += 1) {
    const power = powerOf(values, period, total);
    if (power > best.power) best = { period, power };
  }
  return best;
}

/** @param total the sum of the squares of the values */
export function powerOf(values: Float64Array, period: number, total: number): number {
  if (total === 0) return 0;
  const first = goertzel(values, period, 1 / period) / total;
  if (first < NOISE_POWER || period < 2 * SHORTEST) return first;
  const second = goertzel(values, period, 2 / period) / total;
  return first + Math.max(0, second - NOISE_POWER);
}

/**
 * Power at one frequency (cycles per observation), that of a period or of one of its harmonics: there the sums of the values at each
 * place of the cycle have the power of all of them.
 */
function goertzel(values: Float64Array, period: number, frequency: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * frequency);
  const { length } = values;
  let last = 0;
  let beforeLast = 0;
  for (let place = 0; place < period; place += 1) {
    let sum = 0;
    for (let index = place; index < length; index += period) sum += values[index] as number;
    const next = sum + factor * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  return last * last + beforeLast * beforeLast - factor * last * beforeLast;
}
