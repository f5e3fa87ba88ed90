import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credibleRange, gapsOf, likeliest, mostTelling } from '../../src/bisect/places.ts';

const ALL = (): boolean => true;

test('each pair of neighbours is a gap; what cannot be run joins its neighbours', () => {
  const probabilities = [0, 0.1, 0.2, 0.3, 0.4];
  assert.deepEqual(
    gapsOf(probabilities, ALL).map(({ before, after }) => [before, after]),
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ],
  );
  const joined = gapsOf(probabilities, place => place !== 2 && place !== 3);
  assert.deepEqual(
    joined.map(({ before, after }) => [before, after]),
    [
      [0, 1],
      [1, 4],
    ],
  );
  assert.ok(Math.abs((joined[1]?.probability ?? 0) - 0.9) < 1e-12);
  assert.deepEqual(likeliest(joined), joined[1]);
});

test('the most telling commit has half of the probability on either side', () => {
  assert.equal(mostTelling(gapsOf([0, 0.25, 0.25, 0.25, 0.25], ALL)), 2);
  assert.equal(mostTelling(gapsOf([0, 0.9, 0.02, 0.02, 0.06], ALL)), 1);
  assert.equal(mostTelling(gapsOf([0, 0.02, 0.02, 0.9, 0.06], ALL)), 3);
  assert.equal(mostTelling(gapsOf([0, 0.25, 0.25, 0.25, 0.25], place => place !== 2)), 1);
  assert.equal(mostTelling(gapsOf([0, 1], ALL)), null);
});

test('a credible range grows to the likelier side until it holds enough', () => {
  const gaps = gapsOf([0, 0.02, 0.08, 0.6, 0.2, 0.1], ALL);
  const range = (probability: number): [number, number] => {
    const { before, after } = credibleRange(gaps, probability);
    return [before, after];
  };
  assert.deepEqual(
    [range(0.5), range(0.7), range(0.85), range(0.95), range(1)],
    [
      [2, 3],
      [2, 4],
      [2, 5],
      [1, 5],
      [0, 5],
    ],
  );
});
