import { averagePathLength } from './path-length.ts';

/**
 * Isolation trees, in arrays.
 *
 * Each tree takes up as much room as a complete one of its depth, level by level: what follows node i is at 2 i + 1 (values up to its
 * threshold) and 2 i + 2 (above), so that no links are needed. A branch that ended early goes on downwards to its first leaf through nodes
 * with the threshold Infinity. Each walk therefore takes the same number of steps and never has to ask whether it is over.
 */
export interface Forest {
  features: number;
  trees: number;
  /** Rows that each tree was grown from. */
  sampleSize: number;
  /** Steps from the root to a leaf. */
  depth: number;
  /** Per tree `nodesOf(depth)`. Float32, as ONNX compares, so that an exported forest decides alike. */
  thresholds: Float32Array;
  comparedFeatures: Uint16Array;
  /** Per tree `leavesOf(depth)`: how many rows ended there. */
  sizes: Uint16Array;
  /** Per leaf the steps that it stands for: those to where its branch ended, and c(size). */
  lengths: Float64Array;
}

/** Trees are scored four at a time; the arrays are filled up with trees that add nothing. */
export const TOGETHER = 4;

export function nodesOf(depth: number): number {
  return (1 << depth) - 1;
}

export function leavesOf(depth: number): number {
  return 1 << depth;
}

/** A forest of which no tree is grown yet. */
export function emptyForest(features: number, trees: number, sampleSize: number): Forest {
  const depth = Math.ceil(Math.log2(Math.max(sampleSize, 1)));
  const room = Math.ceil(trees / TOGETHER) * TOGETHER;
  return {
    features,
    trees,
    sampleSize,
    depth,
    thresholds: new Float32Array(room * nodesOf(depth)).fill(Number.POSITIVE_INFINITY),
    comparedFeatures: new Uint16Array(room * nodesOf(depth)),
    sizes: new Uint16Array(room * leavesOf(depth)),
    lengths: new Float64Array(room * leavesOf(depth)),
  };
}

export function clearTree(forest: Forest, tree: number): void {
  const nodes = nodesOf(forest.depth);
  const leaves = leavesOf(forest.depth);
  forest.thresholds.fill(Number.POSITIVE_INFINITY, tree * nodes, (tree + 1) * nodes);
  forest.comparedFeatures.fill(0, tree * nodes, (tree + 1) * nodes);
  forest.sizes.fill(0, tree * leaves, (tree + 1) * leaves);
  forest.lengths.fill(0, tree * leaves, (tree + 1) * leaves);
}

export function putNode(
  forest: Forest,
  tree: number,
  node: number,
  feature: number,
  threshold: number,
): void {
  const at = tree * nodesOf(forest.depth) + node;
  forest.thresholds[at] = threshold;
  forest.comparedFeatures[at] = feature;
}

/** Ends a branch at `node`, `level` steps below the root. */
export function putLeaf(forest: Forest, tree: number, node: number, level: number, size: number): void {
  const at = tree * leavesOf(forest.depth) + leafBelow(forest.depth, node, level);
  forest.sizes[at] = size;
  forest.lengths[at] = level + averagePathLength(size);
}

/** The number, among the leaves, of the first one below a node. */
export function leafBelow(depth: number, node: number, level: number): number {
  const inLevel = node - nodesOf(level);
  return inLevel * 2 ** (depth - level);
}
