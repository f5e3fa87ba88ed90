import type { ForecastStep } from './answer.ts';

/** When a forecast reaches a value. Steps are counted from 1; null: not within the forecast. */
export interface Crossing {
  /** The last value is there already, or beyond it. */
  already: boolean;
  direction: 'rises' | 'falls';
  /** The first step at which the forecast itself is there. */
  expected: number | null;
  /** The first step at which the nearer bound of the interval is there: it may be so soon. */
  earliest: number | null;
  /** The first step at which the farther bound is there: by then it should be so. */
  latest: number | null;
}

/**
 * The first step at which a forecast, and each bound of its interval, reaches a value: the disk is full, the timeout is met.
 *
 * - Convention: reaching is enough. `direction` null: from the side on which the last value lies; a last value that is equal is there.
 * - Cost: O(steps).
 *
 * @param last the last known value
 */
export function crossingOf(
  steps: readonly ForecastStep[],
  last: number,
  target: number,
  direction: Crossing['direction'] | null,
): Crossing {
  const way = direction ?? (last <= target ? 'rises' : 'falls');
  const isThere = (value: number | null): boolean =>
    value !== null && (way === 'rises' ? value >= target : value <= target);
  const first = (pick: (step: ForecastStep) => number | null): number | null => {
    const index = steps.findIndex(step => isThere(pick(step)));
    return index < 0 ? null : index + 1;
  };
  return {
    already: isThere(last),
    direction: way,
    expected: first(({ value }) => value),
    earliest: first(({ low, high }) => (way === 'rises' ? high : low)),
    latest: first(({ low, high }) => (way === 'rises' ? low : high)),
  };
}
