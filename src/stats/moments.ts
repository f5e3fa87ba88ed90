/** Count, mean, spread and ends of values, without the values: what can be added to and joined. */
export interface Moments {
  count: number;
  mean: number;
  /** Sum of the squared distances to the mean: the variance times (count - 1). */
  squares: number;
  min: number;
  max: number;
}

export const NO_MOMENTS: Readonly<Moments> = {
  count: 0,
  mean: 0,
  squares: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
};

/**
 * Joins the moments of two disjoint sets of values, as if they had been computed over all of them.
 *
 * - Purpose: hourly roll-ups become daily ones; a new run is added to the roll-up of its hour.
 * - Convention: the mean is moved by the difference of the two, never taken from sums of squares, so that a small spread beside a
 *   large mean is not lost.
 * - Cost: O(1).
 * - Source: Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979), formula 2.1.
 *
 * @example joinMoments(momentsOf(1), momentsOf(3)) // { count: 2, mean: 2, squares: 2, min: 1, max: 3 }
 */
export function joinMoments(a: Readonly<Moments>, b: Readonly<Moments>): Moments {
  const count = a.count + b.count;
  if (count === 0) return { ...NO_MOMENTS };
  const difference = b.mean - a.mean;
  return {
    count,
    mean: a.mean + difference * (b.count / count),
    squares: a.squares + b.squares + difference * difference * ((a.count * b.count) / count),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

/** The moments of one finite value. */
export function momentsOf(value: number): Moments {
  return { count: 1, mean: value, squares: 0, min: value, max: value };
}
