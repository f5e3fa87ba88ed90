import { seededRandom } from '../stats/random.ts';
import type { Forecaster } from './forecaster.ts';
import { lagShape, lessonOf, toldAhead } from './lag-features.ts';
import { binned, growTree, type Tree, treeAnswer } from './regression-tree.ts';

const FEWEST_ROWS = 30;
const MOST_ROWS = 800;
const TREES = 20;
const DEPTH = 8;
const LEAF_ROWS = 5;

/**
 * Random forest: the mean of 20 regression trees, each grown from rows drawn with replacement, that are shown the latest values, those of
 * one season ago and the place in the season.
 *
 * - Purpose: rules such as "high at this hour unless it was low just before".
 * - Convention: half of the features at each split, 5 rows a leaf at least, 8 levels at most; the same seed gives the same forest. It never
 *   tells a change larger than those that it has seen.
 * - Cost: about 10 ms to grow, 20 * 8 comparisons a step.
 * - Source: Breiman, "Random Forests", Machine Learning 45 (2001), 5-32.
 */
export const randomForest: Forecaster = {
  name: 'random-forest',
  fit(values, { period, seed }) {
    const shape = lagShape(values.length, period);
    const lesson = lessonOf(values, shape, MOST_ROWS);
    const count = lesson.targets.length;
    if (count < FEWEST_ROWS) return null;
    const random = seededRandom(seed);
    const data = binned(lesson);
    const settings = { depth: DEPTH, leafRows: LEAF_ROWS, tried: Math.ceil(lesson.features / 2) };
    const trees = Array.from({ length: TREES }, () => {
      const drawn = new Int32Array(count);
      for (let at = 0; at < count; at += 1) drawn[at] = Math.floor(random() * count);
      return growTree(data, drawn, settings, random);
    });
    return {
      forecast: (history, steps) => toldAhead(history, steps, shape, row => meanAnswer(trees, row)),
    };
  },
};

function meanAnswer(trees: readonly Tree[], row: Float64Array): number {
  let sum = 0;
  for (const tree of trees) sum += treeAnswer(tree, row);
  return sum / trees.length;
}
