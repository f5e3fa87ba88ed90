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
  const cycle = folded(values, period);
  const first = goertzel(cycle, 1 / period) / total;
  if (first < NOISE_POWER || period < 2 * SHORTEST) return first;
  const second = goertzel(cycle, 2 / period) / total;
  return first + Math.max(0, second - NOISE_POWER);
}

/** The sum of the values at each place of the cycle: it has the power of all of them at the period and its harmonics. */
function folded(values: Float64Array, period: number): Float64Array {
  const cycle = new Float64Array(period);
  for (let start = 0; start < values.length; start += period) {
    const count = Math.min(period, values.length - start);
    for (let place = 0; place < count; place += 1) {
      cycle[place] = (cycle[place] ?? 0) + (values[start + place] ?? 0);
    }
  }
  return cycle;
}

/** Power at one frequency (cycles per observation). */
function goertzel(values: Float64Array, frequency: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * frequency);
  let last = 0;
  let beforeLast = 0;
  for (const value of values) {
    const next = value + factor * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  return last * last + beforeLast * beforeLast - factor * last * beforeLast;
}
