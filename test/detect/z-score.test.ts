import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginZScore } from '../../src/detect/z-score.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

function scoresOf(values: readonly (number | null)[]): (number | null)[] {
  const model = beginZScore(1);
  return values.map(value => model.next({ timeMs: null, values: [value] }).score);
}

test('it says nothing of the first five values, and passes over what is missing', () => {
  assert.deepEqual(scoresOf([1, 2, 1, null, 2, 1]), [null, null, null, null, null, null]);
  assert.notEqual(scoresOf([1, 2, 1, null, 2, 1, 2])[6], null);
});

test('it flags exactly outside the prediction interval of Student', () => {
  // Mean 10, standard deviation 1, five values: t(0.001, 4) = 8.6103, times sqrt(1 + 1/5).
  const five = [9, 9.5, 10, 10.5, 11].map(value => 10 + (value - 10) / Math.sqrt(0.625));
  const limit = 8.6103 * Math.sqrt(1.2);
  assert.ok((scoresOf([...five, 10 + limit * 0.999])[5] ?? 1) < 0.5);
  assert.ok((scoresOf([...five, 10 + limit * 1.001])[5] ?? 0) > 0.5);
});

test('in noise it flags one value in a thousand', () => {
  const random = seededRandom(1);
  const scores = scoresOf(Array.from({ length: 50_000 }, () => gaussian(random)));
  const share = scores.filter(score => (score ?? 0) > 0.5).length / scores.length;
  assert.ok(share > 0.0005 && share < 0.0016, `${share}`);
});

test('of several metrics the farthest one counts, and the range is that of the first', () => {
  const model = beginZScore(2);
  for (let index = 0; index < 20; index++)
    model.next({ timeMs: null, values: [index % 2, 100 + (index % 3)] });
  const { score, expected } = model.next({ timeMs: null, values: [0, 150] });
  assert.ok((score ?? 0) > 0.8);
  assert.ok(expected !== null && expected[0] < 0 && expected[1] < 10);
});

test('equal values are as expected, and rounding is no deviation', () => {
  assert.equal(scoresOf([0.3, 0.3, 0.3, 0.3, 0.3, 0.3])[5], 0);
  assert.ok((scoresOf([0.3, 0.3, 0.3, 0.3, 0.3, 0.1 + 0.2])[5] ?? 1) < 0.5);
  assert.ok((scoresOf([0, 0, 0, 0, 0, 0.001])[5] ?? 0) > 0.9);
});
