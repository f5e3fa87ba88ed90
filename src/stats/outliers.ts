import { generalisedEsd } from './generalised-esd.ts';

const ALPHA = 0.01;
/** The share that outliers make at most; more are no outliers but a part of how it is. */
const MOST_SHARE = 0.1;
/** Among fewer values nothing can be called wild. */
const FEWEST = 8;

/**
 * Which values do not belong: single wild ones, as a baseline has to be without.
 *
 * - Purpose: one run beside a backup job must not widen a baseline for good.
 * - Convention: the generalised extreme studentised deviate test, on logarithms where all values are above 0 (times are skewed to the right);
 *   alpha 0.01, at most a tenth of the values, none among fewer than 8. Why this one: rules by quartiles or the median deviation take
 *   every second mode of runs for outliers (a quarter of the runs with a full garbage collection), and flag more the more values there
 *   are; this one flags any at all in 1 % of normal histories, of whatever length. Ascending indices.
 * - Cost: O(n log n).
 * - Source: Rosner (1983), see generalised-esd.ts; the choice follows the NIST/SEMATECH e-Handbook, section 1.3.5.17.
 *
 * @example outliersIn([1, 1.1, 0.9, 1, 1.05, 0.95, 1, 1.02, 0.98, 1, 9]) // [10]
 */
export function outliersIn(values: readonly number[]): number[] {
  if (values.length < FEWEST) return [];
  const scaled = values.every(value => value > 0) ? values.map(Math.log) : values;
  const most = Math.floor(values.length * MOST_SHARE) || 1;
  const { steps, outliers } = generalisedEsd(Float64Array.from(scaled).sort(), most, ALPHA);
  const wild = new Map<number, number>();
  for (const { value } of steps.slice(0, outliers)) wild.set(value, (wild.get(value) ?? 0) + 1);
  return scaled.flatMap((value, index) => {
    const left = wild.get(value) ?? 0;
    wild.set(value, left - 1);
    return left > 0 ? [index] : [];
  });
}
