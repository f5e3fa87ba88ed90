import { studentQuantile } from './student-quantile.ts';

/** The most extreme of the values that are left, and what it is compared with. */
export interface EsdStep {
  value: number;
  /** Of all that are left, the value among them. */
  mean: number;
  deviation: number;
  count: number;
  /** Distance of the value from the mean, in deviations; 0 where all are alike. */
  statistic: number;
  critical: number;
}

/**
 * Generalised extreme studentised deviate: which values are outliers, where it is only known how many there are at most.
 *
 * - Purpose: the test behind `seasonal-esd`.
 * - Convention: takes away the most extreme value `most` times and compares each with its critical value; all up to the last step that
 *   exceeds its own are outliers, also those that hide behind one another. `alpha`: chance of any false outlier in normal values.
 * - Cost: O(most) for values in ascending order, as they must be: the most extreme one is always at one of the ends.
 * - Source: B. Rosner, "Percentage Points for a Generalized ESD Many-Outlier Procedure", Technometrics 25 (1983), 165-172.
 *
 * @returns all steps, and how many of them are outliers
 */
export function generalisedEsd(
  ascending: Float64Array,
  most: number,
  alpha: number,
): { steps: EsdStep[]; outliers: number } {
  const centre = ascending[ascending.length >> 1] ?? 0; // sums of differences from it keep their digits
  let sum = 0;
  let squares = 0;
  for (const value of ascending) {
    sum = sum + value - centre;
    squares += (value - centre) ** 2;
  }
  let low = 0;
  const steps: EsdStep[] = [];
  for (let count = ascending.length; count > 2 && steps.length < most; count--) {
    const mean = centre + sum / count;
    const deviation = Math.sqrt(Math.max(squares - (sum * sum) / count, 0) / (count - 1));
    const below = ascending[low] ?? 0;
    const above = ascending[low + count - 1] ?? 0;
    const value = mean - below > above - mean ? below : above;
    if (value === below) low++;
    steps.push({ value, mean, deviation, count, ...tested(Math.abs(value - mean), deviation, count, alpha) });
    sum -= value - centre;
    squares -= (value - centre) ** 2;
  }
  return { steps, outliers: steps.findLastIndex(({ statistic, critical }) => statistic > critical) + 1 };
}

function tested(
  distance: number,
  deviation: number,
  count: number,
  alpha: number,
): { statistic: number; critical: number } {
  const t = studentQuantile(alpha / count, count - 2);
  return {
    statistic: deviation === 0 ? 0 : distance / deviation,
    critical: ((count - 1) * t) / Math.sqrt((count - 2 + t * t) * count),
  };
}
