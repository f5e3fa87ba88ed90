import { type Forest, leafBelow, leavesOf, nodesOf, putLeaf, putNode } from './forest.ts';

/** What stands in a list where an inner node has its feature. */
const LEAF = -1;

/** A place in a tree: an inner node, or where a branch ends. */
export type Place =
  | { feature: number; threshold: number; size: null; node: number; level: number }
  | { feature: null; threshold: null; size: number; node: number; level: number };

/** The places of a tree, each before what follows from it, the left side first. */
export function placesOf(forest: Forest, tree: number): Place[] {
  const places: Place[] = [];
  const visit = (node: number, level: number): void => {
    const place = placeAt(forest, tree, node, level);
    places.push(place);
    if (place.size !== null) return;
    visit(2 * node + 1, level + 1);
    visit(2 * node + 2, level + 1);
  };
  visit(0, 0);
  return places;
}

function placeAt(forest: Forest, tree: number, node: number, level: number): Place {
  const { depth } = forest;
  const at = tree * nodesOf(depth) + node;
  const threshold = level < depth ? (forest.thresholds[at] ?? null) : null;
  if (threshold !== null && Number.isFinite(threshold)) {
    return { feature: forest.comparedFeatures[at] ?? 0, threshold, size: null, node, level };
  }
  const size = forest.sizes[tree * leavesOf(depth) + leafBelow(depth, node, level)] ?? 0;
  return { feature: null, threshold: null, size, node, level };
}

/** A tree as a list of pairs: (feature, threshold) of an inner node, (-1, size) of a leaf, in the order of `placesOf`. */
export function listOf(forest: Forest, tree: number): number[] {
  return placesOf(forest, tree).flatMap(({ feature, threshold, size }) =>
    size === null ? [feature, threshold] : [LEAF, size],
  );
}

/** Puts such a list, whatever is in it, into an empty tree; false where it is none of this forest. */
export function putList(forest: Forest, tree: number, list: readonly unknown[]): boolean {
  let at = 0;
  let rows = 0;
  const put = (node: number, level: number): boolean => {
    const [first, second] = [list[at], list[at + 1]];
    at += 2;
    if (first === LEAF) {
      if (!isSize(second, forest.sampleSize - rows)) return false;
      rows += second;
      putLeaf(forest, tree, node, level, second);
      return true;
    }
    if (level >= forest.depth || !isFeature(first, forest) || !isThreshold(second)) return false;
    putNode(forest, tree, node, first, second);
    return put(2 * node + 1, level + 1) && put(2 * node + 2, level + 1);
  };
  return put(0, 0) && at === list.length && rows === forest.sampleSize;
}

function isSize(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

function isFeature(value: unknown, { features }: Forest): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < features;
}

function isThreshold(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.fround(value) === value;
}
