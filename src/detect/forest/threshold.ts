/** Where scores are usual, and from where on they are not. */
export interface Limits {
  typical: number;
  threshold: number;
}

/** Where usual scores are spread so widely that this lies higher, it decides: so many times as far above the median as the upper tenth begins. */
const FENCE = 2;

/** Fewer scores say too little of a share. */
const ENOUGH = 50;

/** Scores that do not differ (a constant series) still leave a distance. */
const LEAST = 0.001;

/**
 * From which score on a row is unusual.
 *
 * - Purpose: makes a forest's scores, whose spread falls with the number of features, a vote.
 * - Convention: above the median of recent scores, each given before its row was learned, by `reachOf`, or by twice the distance of
 *   the quantile 0.9 where this is more. With a share to be found, from 50 scores on: the quantile 1 - `contamination`. A threshold that followed the
 *   scores downwards, too, would make much of nothing in quiet series: the lone forest's NAB score is 40 with this one, 2 with that.
 * - Cost: O(n log n).
 *
 * @param scores at least one
 * @param contamination the share of rows that are taken for unusual, above 0 and up to 0.5; null: by their scores alone
 */
export function limitsOf(scores: Float64Array, metrics: number, contamination: number | null): Limits {
  const sorted = scores.toSorted();
  const typical = at(sorted, 0.5);
  const distance =
    contamination === null || sorted.length < ENOUGH
      ? Math.max(reachOf(metrics), FENCE * tail(sorted, typical, 0.1))
      : Math.max(LEAST, tail(sorted, typical, contamination));
  return { typical, threshold: Math.min(typical + distance, 1) };
}

/** How far above the typical one the highest scores begin, of which there is such a share. */
function tail(sorted: Float64Array, typical: number, share: number): number {
  return at(sorted, 1 - share) - typical;
}

/** The value at a share of the way through. */
function at(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] as number;
}

/**
 * How far above the median independent normal values score once in a thousand rows, as measured with 3 to 6 metrics: each metric more
 * hides what one of them does. The three features of a lone metric go together, and reach further.
 */
function reachOf(metrics: number): number {
  return metrics === 1 ? 0.17 : 0.3 / metrics ** 0.75;
}
