import type { Lesson } from './lag-features.ts';

/** The values of a feature are told apart by so many limits at most. */
const BINS = 32;

/** Each feature of the rows as the numbers of their bins, which is all that growing a tree looks at. */
export interface Binned {
  /** Of each feature, by row. */
  bins: Uint8Array[];
  /** Of each feature, ascending: a value belongs to the first bin whose limit is not below it. */
  limits: Float64Array[];
  targets: Float64Array;
  /** Room for what a split counts. */
  scratch: { counts: Int32Array; sums: Float64Array };
}

/** One node after the other; a leaf has the feature -1. */
export interface Tree {
  feature: Int16Array;
  limit: Float64Array;
  /** The node of the rows up to the limit; those above it come next to it. */
  child: Int32Array;
  value: Float64Array;
  nodes: number;
}

export interface TreeSettings {
  /** A leaf has so many rows at least. */
  leafRows: number;
  depth: number;
  /** How many features, drawn at random, a split may choose from. */
  tried: number;
}

export function binned({ rows, targets, features }: Lesson): Binned {
  const limits = Array.from({ length: features }, (_, feature) => limitsOf(rows, feature, features));
  const bins = limits.map((its, feature) => {
    const column = new Uint8Array(targets.length);
    for (let row = 0; row < column.length; row += 1)
      column[row] = binOf(rows[row * features + feature] as number, its);
    return column;
  });
  return { bins, limits, targets, scratch: { counts: new Int32Array(BINS), sums: new Float64Array(BINS) } };
}

/** Halfway from each quantile of the feature's values to the next larger value, so that a value that is told a little off stays on its side. */
function limitsOf(rows: Float64Array, feature: number, features: number): Float64Array {
  const count = rows.length / features;
  const values = new Float64Array(count);
  for (let row = 0; row < count; row += 1) values[row] = rows[row * features + feature] as number;
  values.sort();
  const limits = new Set<number>();
  for (let index = 1; index < BINS; index += 1) {
    let at = Math.floor((index * count) / BINS);
    const value = values[at] as number;
    while (at < count && values[at] === value) at += 1;
    if (at < count) limits.add(value + ((values[at] as number) - value) / 2);
  }
  return Float64Array.from(limits);
}

function binOf(value: number, limits: Float64Array): number {
  let low = 0;
  let high = limits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((limits[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Split {
  feature: number;
  bin: number;
  gain: number;
}

/**
 * Regression tree (CART): splits the rows again and again where that lessens the squared error the most; a leaf says the mean of its rows.
 *
 * - Convention: `places` are the rows to grow from, some of them more than once where they were drawn so; they are put in order.
 * - Cost: O(rows * tried) a level.
 * - Source: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees" (1984); bins as in histogram-based boosting.
 */
export function growTree(
  data: Binned,
  places: Int32Array,
  settings: TreeSettings,
  random: () => number,
): Tree {
  const room = 2 * Math.ceil(places.length / settings.leafRows) + 1;
  const tree: Tree = {
    feature: new Int16Array(room).fill(-1),
    limit: new Float64Array(room),
    child: new Int32Array(room),
    value: new Float64Array(room),
    nodes: 1,
  };
  grow(0, 0, places.length, 0);
  return tree;

  function grow(node: number, from: number, to: number, level: number): void {
    tree.value[node] = meanTarget(data, places, from, to);
    if (level >= settings.depth || to - from < 2 * settings.leafRows) return;
    const split = bestSplit(data, places, from, to, settings, random);
    if (split === null) return;
    const middle = parted(data, places, from, to, split);
    tree.feature[node] = split.feature;
    tree.limit[node] = data.limits[split.feature]?.[split.bin] as number;
    const child = tree.nodes;
    tree.child[node] = child;
    tree.nodes += 2;
    grow(child, from, middle, level + 1);
    grow(child + 1, middle, to, level + 1);
  }
}

/** Cost: O(depth). */
export function treeAnswer({ feature, limit, child, value }: Tree, row: Float64Array): number {
  let node = 0;
  for (let split = feature[0] as number; split >= 0; split = feature[node] as number)
    node = (child[node] as number) + ((row[split] as number) <= (limit[node] as number) ? 0 : 1);
  return value[node] as number;
}

function meanTarget({ targets }: Binned, places: Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += targets[places[at] as number] as number;
  return sum / (to - from);
}

function bestSplit(
  data: Binned,
  places: Int32Array,
  from: number,
  to: number,
  { tried, leafRows }: TreeSettings,
  random: () => number,
): Split | null {
  let best: Split | null = null;
  const features = data.bins.length;
  const offset = Math.floor(random() * features);
  const stride = coprimeStride(features, random);
  for (let index = 0; index < tried; index += 1) {
    const feature = (offset + index * stride) % features;
    const split = splitOf(data, places, from, to, feature, leafRows);
    if (split !== null && split.gain > (best?.gain ?? 1e-12)) best = split;
  }
  return best;
}

/** Steps of this length around a ring of features meet each once. */
function coprimeStride(features: number, random: () => number): number {
  const stride = 1 + Math.floor(random() * features);
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
  return common(stride, features) === 1 ? stride : 1;
}

/** The best limit of one feature: where the means of the two sides differ the most, for their sizes. */
function splitOf(
  { bins, targets, scratch: { counts, sums } }: Binned,
  places: Int32Array,
  from: number,
  to: number,
  feature: number,
  leafRows: number,
): Split | null {
  counts.fill(0);
  sums.fill(0);
  const column = bins[feature] as Uint8Array;
  let total = 0;
  for (let at = from; at < to; at += 1) {
    const row = places[at] as number;
    const bin = column[row] as number;
    const target = targets[row] as number;
    counts[bin] = (counts[bin] as number) + 1;
    sums[bin] = (sums[bin] as number) + target;
    total += target;
  }
  const count = to - from;
  let best = -1;
  let most = 0;
  let left = 0;
  let leftSum = 0;
  for (let bin = 0; bin < BINS - 1; bin += 1) {
    const inBin = counts[bin] as number;
    if (inBin === 0) continue; // the same two sides as before
    left += inBin;
    leftSum += sums[bin] as number;
    if (left < leafRows) continue;
    if (count - left < leafRows) break;
    const difference = leftSum / left - (total - leftSum) / (count - left);
    const gain = (left * (count - left) * (difference * difference)) / count;
    if (gain <= most) continue;
    best = bin;
    most = gain;
  }
  return best < 0 ? null : { feature, bin: best, gain: most };
}

/** Brings the rows up to the limit to the front, and says where the others begin. */
function parted(
  { bins }: Binned,
  places: Int32Array,
  from: number,
  to: number,
  { feature, bin }: Split,
): number {
  const column = bins[feature] as Uint8Array;
  let middle = from;
  for (let at = from; at < to; at += 1) {
    const row = places[at] as number;
    if ((column[row] as number) > bin) continue;
    places[at] = places[middle] as number;
    places[middle] = row;
    middle += 1;
  }
  return middle;
}
