import { normalQuantile } from './normal.ts';

/** How large a difference, at which noise, is to be seen how surely. */
export interface Wanted {
  /** In the unit of the noise. */
  difference: number;
  /** Standard deviation of the values. */
  noise: number;
  /** Chance of seeing the difference. */
  power: number;
  /** Two-tailed. */
  alpha: number;
  /** Of the test, against the t-test at normal noise: 1, or 3 / pi for Mann and Whitney's. */
  efficiency: number;
}

/**
 * How many values two samples need each, so that a difference is seen.
 *
 * - Purpose: tells a user with too few runs how many are needed.
 * - Convention: rounded up, at least 2; null where the difference is 0 or the number has no meaning any more (above 10^9).
 * - Cost: O(1).
 * - Source: the normal approximation 2 (z + z')^2 noise^2 / difference^2, with z^2 / 4 more for the t-test's sake: W. C. Guenther,
 *   "Sample Size Formulas for Normal Theory t Tests", The American Statistician 35 (1981), 243-244. The efficiency of Mann and
 *   Whitney's test: Hodges and Lehmann, Annals of Mathematical Statistics 27 (1956), 324-335.
 *
 * @example sampleSize({ difference: 1, noise: 1, power: 0.8, alpha: 0.05, efficiency: 1 }) // 17
 */
export function sampleSize(wanted: Wanted): number | null {
  return rounded(2 * singleSize(wanted) + correction(wanted));
}

/**
 * How many values the second sample needs where the first one has `reference` values and stays as it is.
 *
 * - Convention: as `sampleSize`; null also where no number would do, as the reference itself is too uncertain.
 *
 * @param reference infinite for a number that is known exactly
 */
export function secondSampleSize(wanted: Wanted, reference: number): number | null {
  const single = singleSize(wanted);
  const room = 1 - single / reference;
  return room > 0 ? rounded(single / room + correction(wanted)) : null;
}

const MOST = 1e9;

/** How many values would be needed against a number that is known exactly. */
function singleSize({ difference, noise, power, alpha, efficiency }: Wanted): number {
  const z = -normalQuantile(alpha / 2) + normalQuantile(power);
  return (z * noise) ** 2 / (difference ** 2 * efficiency);
}

function correction({ alpha }: Wanted): number {
  return normalQuantile(alpha / 2) ** 2 / 4;
}

function rounded(size: number): number | null {
  return size <= MOST ? Math.max(2, Math.ceil(size)) : null;
}
