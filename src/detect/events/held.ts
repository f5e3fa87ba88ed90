const HELD = 3.5;

/** Outliers among values that are taken in all at once are held within 3.5 standard deviations of the median. */
export function heldIn(values: readonly number[]): number[] {
  const median = medianOf(values);
  const variance = values.reduce((sum, value) => sum + (value - median) ** 2, 0) / Math.max(1, values.length);
  const limit = HELD * Math.sqrt(variance);
  return values.map(value => Math.max(median - limit, Math.min(median + limit, value)));
}

/** Of two in the middle their mean; 0 of none. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return ((sorted[half] ?? 0) + (sorted[sorted.length % 2 === 0 ? half - 1 : half] ?? 0)) / 2;
}
