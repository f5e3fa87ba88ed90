import { chiSquareTail } from './chi-square-tail.ts';

/**
 * Both tails of the standard normal distribution: the chance of a value at least as far from 0 as `z`.
 *
 * - Purpose: the p value of statistics that are normal by approximation (Mann-Whitney, Mann-Kendall).
 * - Convention: two-tailed; 1 at 0. Relative error below 1e-11, in the far tail too.
 * - Cost: O(1).
 * - Source: z squared has the chi-square distribution with one degree of freedom.
 *
 * @example normalTwoTailed(1.959964) // 0.05
 */
export function normalTwoTailed(z: number): number {
  return chiSquareTail(z * z, 1);
}
