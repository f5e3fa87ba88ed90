import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomForest } from '../../src/forecast/random-forest.ts';
import { binned, growTree, treeAnswer } from '../../src/forecast/regression-tree.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { assertClose } from './close-to.ts';

const SETTINGS = { depth: 4, leafRows: 2, tried: 2 };

/** Of the second feature alone the target knows: 1 up to 5, 7 above. */
function step(): { rows: Float64Array; targets: Float64Array; features: number } {
  const random = seededRandom(4);
  const rows = Float64Array.from({ length: 40 }, (_, at) =>
    at % 2 === 0 ? random() : Math.floor(at / 2) / 2,
  );
  return {
    rows,
    targets: Float64Array.from({ length: 20 }, (_, row) => (row / 2 <= 5 ? 1 : 7)),
    features: 2,
  };
}

test('a tree finds the step between two levels', () => {
  const lesson = step();
  const rows = Int32Array.from({ length: 20 }, (_, row) => row);
  const tree = growTree(binned(lesson), rows, SETTINGS, seededRandom(1));
  const answers = [0, 5, 5.5, 9].map(value => treeAnswer(tree, Float64Array.of(0.5, value)));
  assertClose(answers, [1, 1, 7, 7], 1e-12);
  assert.equal(tree.nodes, 3);
});

test('a leaf has as many rows as it must, and the mean of them', () => {
  const lesson = step();
  const rows = Int32Array.from({ length: 20 }, (_, row) => row);
  const tree = growTree(binned(lesson), rows, { ...SETTINGS, leafRows: 20 }, seededRandom(1));
  assert.equal(tree.nodes, 1);
  assertClose([treeAnswer(tree, Float64Array.of(0, 0))], [(11 * 1 + 9 * 7) / 20], 1e-12);
});

test('a forest tells a rule that no line tells: the value after two equal ones is the other', () => {
  const values = [0, 0, 1, 1];
  const series = Float64Array.from({ length: 200 }, (_, at) => values[at % 4] as number);
  const told = randomForest.fit(series, { period: null, seed: 1 })?.forecast(series, 6);
  assertClose(told, [0, 0, 1, 1, 0, 0], 0.15);
});

test('the same seed gives the same forest, another one a different one', () => {
  const random = seededRandom(9);
  const series = Float64Array.from({ length: 120 }, () => random());
  const told = (seed: number): Float64Array | undefined =>
    randomForest.fit(series, { period: null, seed })?.forecast(series, 3);
  assert.deepEqual(told(1), told(1));
  assert.notDeepEqual(told(1), told(2));
});
