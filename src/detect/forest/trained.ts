import type { Forest } from './forest.ts';
import { scoreRow } from './score.ts';
import { fillGaps, hasGap } from './window.ts';

/** All that it takes to judge a row: what is kept in a file, and exported. */
export interface TrainedForest {
  forest: Forest;
  /** Of each feature, for where a row has no value. */
  medians: Float32Array;
  /** The score of a usual row. */
  typical: number;
  /** The score from which on a row is unusual, greater than `typical`. */
  threshold: number;
  /** How many were seen until its last training. */
  observations: number;
}

/** The score of a row, NaN standing where there is no value: the medians are put there. */
export function scoreOfRow({ forest, medians }: TrainedForest, row: Float32Array): number {
  if (hasGap(row)) fillGaps(row, medians);
  return scoreRow(forest, row);
}

/**
 * The part that each feature has in a score: how much lower it would be with the feature's median in its place.
 *
 * - Purpose: which metrics make a run unusual.
 * - Convention: together 1; all alike where no median makes it lower (features that are unusual only together).
 * - Cost: one more score a feature.
 */
export function sharesOf(trained: TrainedForest, row: Float32Array, score: number): number[] {
  const drops = Array.from(row, (_, feature) => {
    const changed = row.slice();
    changed[feature] = trained.medians[feature] as number;
    return Math.max(score - scoreRow(trained.forest, changed), 0);
  });
  const sum = drops.reduce((total, drop) => total + drop, 0);
  return drops.map(drop => (sum === 0 ? 1 / row.length : drop / sum));
}
