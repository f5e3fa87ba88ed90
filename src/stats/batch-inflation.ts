import { chiSquareTail } from './chi-square-tail.ts';
import { mean } from './mean.ts';
import { ranksOf } from './ranks.ts';
import { variance } from './spread.ts';

/** Fewer batches say too little of how they vary. */
const FEWEST = 8;
/** Chance of taking batches for alike beyond what was supposed, where they are not. */
const ALPHA = 0.01;

/**
 * How many times more uncertain the level of so many runs in a row is than that of as many independent ones, seen in a long history.
 *
 * - Purpose: a rhythm of the day under noise, or levels that come and go over hours, hardly show between neighbours, yet all runs of one hour
 *   share them.
 * - Convention: batch means of ranks, against the variance of single ones. Taken only where they vary beyond chance more than `supposed`
 *   (chi-square, p below 0.01), else `supposed`, as with fewer than 8 batches.
 * - Cost: O(n log n).
 * - Source: batch means, R. W. Conway, "Some Tactical Problems in Digital Simulation", Management Science 10 (1963), 47-61.
 *
 * @param values in the order of time
 * @param length of a batch
 * @param supposed what is known from elsewhere, 1 or more
 */
export function batchInflation(values: readonly number[], length: number, supposed: number): number {
  const count = Math.floor(values.length / Math.max(1, length));
  if (count < FEWEST || length < 2) return supposed;
  const ranks = [...ranksOf(values).ranks];
  const means = Array.from(
    { length: count },
    (_, batch) => mean(ranks.slice(batch * length, (batch + 1) * length)) ?? 0,
  );
  const single = variance(ranks) ?? 0;
  const factor = single > 0 ? ((variance(means) ?? 0) * length) / single : 1;
  const freedom = count - 1;
  return factor > supposed && chiSquareTail((freedom * factor) / supposed, freedom) < ALPHA
    ? factor
    : supposed;
}
