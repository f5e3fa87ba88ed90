import { beginRunningTail } from '../stats/running-tail.ts';

/**
 * Where the next value is expected: around a fast moving average, as far as all but the largest 2 % of the deviations from it went.
 *
 * - Purpose: what a person is shown beside a value that is out of line; it claims no distribution.
 * - Convention: null until ten deviations are known.
 * - Cost: O(1), about 0.2 microseconds; 20 kB.
 * - Source: exponentially weighted moving average, Roberts, Technometrics 1 (1959), 239-250, with an empirical quantile as its limits.
 */
export interface ExpectedRange {
  /** The range for this value by those before it; then learns it. */
  next(value: number): readonly [low: number, high: number] | null;
}

const MEMORY = 6000;
const SHARE_OUTSIDE = 0.02;
const WEIGHT = 0.3;
const FEWEST = 10;

export function beginExpectedRange(): ExpectedRange {
  const deviations = beginRunningTail(MEMORY);
  let centre: number | null = null;
  let seen = 0;
  return {
    next(value) {
      if (centre === null) {
        centre = value;
        return null;
      }
      const reach = deviations.exceededBy(SHARE_OUTSIDE);
      const range: readonly [number, number] | null = seen < FEWEST ? null : [centre - reach, centre + reach];
      deviations.learn(Math.abs(value - centre));
      centre += WEIGHT * (value - centre);
      seen++;
      return range;
    },
  };
}
