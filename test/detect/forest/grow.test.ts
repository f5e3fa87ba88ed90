import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growForest } from '../../../src/detect/forest/grow.ts';
import { averagePathLength } from '../../../src/detect/forest/path-length.ts';
import { listOf } from '../../../src/detect/forest/saved-tree.ts';
import { scoreRow, scoreRows } from '../../../src/detect/forest/score.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { normalRows, rowsOf, slowLength } from './rows.ts';

const PAPER = { trees: 100, sampleSize: 256, margin: 0 };
const WIDE = { ...PAPER, margin: 1 };

/** The example of scikit-learn's own tests: the last two lie apart. */
const TOY = rowsOf([
  [-2, -1],
  [-1, -1],
  [-1, -2],
  [1, 1],
  [1, 2],
  [2, 1],
  [6, 3],
  [-4, 7],
]);

for (const settings of [PAPER, WIDE]) {
  const name = `with a margin of ${settings.margin}`;

  test(`the rows that lie apart score highest, ${name}`, () => {
    const scores = [...scoreRows(growForest(TOY, settings, seededRandom(1)), TOY.data)];
    assert.ok(Math.min(...scores.slice(-2)) > Math.max(...scores.slice(0, -2)), scores.join(' '));
  });

  test(`a known outlier scores highest of a thousand, ${name}`, () => {
    const rows = [...normalRows(999, 4, seededRandom(2)), [9, 9, 9, 9]];
    const { data } = rowsOf(rows);
    const scores = [...scoreRows(growForest(rowsOf(rows), settings, seededRandom(3)), data)];
    assert.equal(scores.indexOf(Math.max(...scores)), 999);
    assert.ok(scores.every(score => score > 0 && score < 1));
  });

  test(`a score is that of a plain walk through every tree, ${name}`, () => {
    const rows = normalRows(600, 3, seededRandom(4)).map(row => row.map(Math.fround));
    const forest = growForest(rowsOf(rows), { ...settings, trees: 7 }, seededRandom(5));
    const trees = Array.from({ length: 7 }, (_, tree) => listOf(forest, tree));
    for (const row of rows.slice(0, 100)) {
      const lengths = trees.map(list => slowLength(list, row, averagePathLength));
      const mean = lengths.reduce((sum, length) => sum + length, 0) / 7;
      const score = scoreRow(forest, Float32Array.from(row));
      assert.ok(Math.abs(score - 2 ** (-mean / averagePathLength(256))) < 1e-12);
    }
  });

  test(`each leaf holds the rows that end in it, ${name}`, () => {
    const rows = normalRows(200, 2, seededRandom(6)).map(row => row.map(Math.fround));
    const forest = growForest(rowsOf(rows), settings, seededRandom(7));
    // a tree of all rows: each row of a leaf adds 1 / size to it, and the leaves that hold any come to their number
    for (let tree = 0; tree < 100; tree += 9) {
      const list = listOf(forest, tree);
      const sizes = rows.map(row => slowLength(list, row, size => 1000 * size) % 1000);
      assert.ok(sizes.every(level => level <= 8));
      const shares = rows.map(row => 1 / Math.floor(slowLength(list, row, size => 1000 * size) / 1000));
      const leaves = list.filter((_, at) => at % 2 === 1 && list[at - 1] === -1 && list[at] !== 0).length;
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - leaves) < 1e-9);
    }
  });
}

test('the same seed grows the same forest, another one another', () => {
  const rows = rowsOf(normalRows(500, 4, seededRandom(8)));
  assert.deepEqual(growForest(rows, WIDE, seededRandom(9)), growForest(rows, WIDE, seededRandom(9)));
  assert.notDeepEqual(growForest(rows, WIDE, seededRandom(9)), growForest(rows, WIDE, seededRandom(10)));
});

test('the margin finds a row that is far off in one metric alone', () => {
  const random = seededRandom(11);
  const history = rowsOf(normalRows(300, 4, random));
  const usual = normalRows(500, 4, random);
  const odd = normalRows(100, 4, random).map(([first = 0, ...others]) => [first + 8, ...others]);
  const found = [PAPER, WIDE].map(settings => {
    const forest = growForest(history, settings, seededRandom(12));
    const limit = [...scoreRows(forest, rowsOf(usual).data)].sort((a, b) => b - a)[5] ?? 1;
    return scoreRows(forest, rowsOf(odd).data).filter(score => score > limit).length;
  });
  assert.ok((found[0] ?? 100) < 50, `${found}`);
  assert.ok((found[1] ?? 0) > 95, `${found}`);
});

test('constant metrics, equal rows and a single row do no harm', () => {
  const random = seededRandom(13);
  const constant = rowsOf(normalRows(50, 1, random).map(([value = 0]) => [5, value, 5]));
  const forest = growForest(constant, WIDE, random);
  assert.ok([...scoreRows(forest, constant.data)].every(score => score > 0 && score < 1));
  for (const count of [1, 2, 40]) {
    const equal = rowsOf(Array.from({ length: count }, () => [1, 2]));
    const scores = [...scoreRows(growForest(equal, WIDE, random), equal.data)];
    assert.ok(
      scores.every(score => Math.abs(score - 0.5) < 1e-12),
      `${count}: ${scores}`,
    );
  }
});

test('huge and neighbouring values are split', () => {
  const random = seededRandom(14);
  const huge = rowsOf([[-1e38], [1e38], [0], [1], [2]]);
  assert.ok(growForest(huge, WIDE, random).thresholds.every(threshold => !Number.isNaN(threshold)));
  const near = rowsOf([[1], [1 + 2 ** -23], [1], [1], [1 + 2 ** -23]]);
  for (const settings of [PAPER, WIDE]) {
    const scores = scoreRows(growForest(near, settings, random), near.data);
    assert.ok(scores.every(Number.isFinite));
  }
});
