import type { Interval } from './hodges-lehmann.ts';
import { normalQuantile } from './normal.ts';

/**
 * Wilson's interval of a share: what the true rate of failures may be, seen so many in so many runs.
 *
 * - Purpose: 1 failure in 2 runs is not worse than 40 in 100.
 * - Convention: level 1 - `alpha`, within 0 to 1; 0 to 1 where there are no trials.
 * - Cost: O(1).
 * - Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), 209-212.
 *
 * @example wilson(0, 10, 0.05) // 0 to 0.2775
 */
export function wilson(successes: number, trials: number, alpha: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const square = normalQuantile(alpha / 2) ** 2;
  const share = successes / trials;
  const centre = (share + square / (2 * trials)) / (1 + square / trials);
  const reach =
    Math.sqrt((share * (1 - share)) / trials + square / (4 * trials ** 2)) *
    (Math.sqrt(square) / (1 + square / trials));
  return { low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}
