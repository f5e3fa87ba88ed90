import { chiSquareTail } from './chi-square-tail.ts';
import { ranksOf } from './ranks.ts';

export interface KruskalWallis {
  /** The statistic H, corrected for ties. */
  h: number;
  freedom: number;
  p: number;
}

/**
 * The test of Kruskal and Wallis: whether several samples come from the same distribution.
 *
 * - Purpose: before modules or revisions are ranked: whether there is any difference among them at all.
 * - Convention: by the chi-square approximation, with the correction for ties; empty groups are passed over. p is 1 where all values are
 *   equal. Null for fewer than two groups.
 * - Cost: O(n log n).
 * - Source: W. H. Kruskal and W. A. Wallis, "Use of Ranks in One-Criterion Variance Analysis", JASA 47 (1952), 583-621.
 *
 * @example kruskalWallis([[1, 3, 5, 7, 9], [2, 4, 6, 8, 10]]) // h 0.2727, p 0.6015
 */
export function kruskalWallis(groups: readonly (readonly number[])[]): KruskalWallis | null {
  const filled = groups.filter(({ length }) => length > 0);
  if (filled.length < 2) return null;
  const freedom = filled.length - 1;
  const { ranks, ties } = ranksOf(filled.flat());
  const n = ranks.length;
  const untied = 1 - ties / (n ** 3 - n);
  if (!(untied > 0)) return { h: 0, freedom, p: 1 };
  let start = 0;
  const squares = filled.reduce((sum, { length }) => {
    const ofGroup = ranks.subarray(start, start + length).reduce((total, rank) => total + rank, 0);
    start += length;
    return sum + ofGroup ** 2 / length;
  }, 0);
  const h = Math.max(0, ((12 / (n * (n + 1))) * squares - 3 * (n + 1)) / untied);
  return { h, freedom, p: chiSquareTail(h, freedom) };
}
