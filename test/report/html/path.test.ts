import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaBetween, pathThrough, pieces } from '../../../src/report/html/path.ts';

test('a path goes on by distances, and one place is a dot', () => {
  const path = pathThrough([
    [0, 500],
    [3, 488],
    [6, 530],
    [6, 530],
  ]);
  assert.equal(path, 'M0 500l3-12 3 42 0 0');
  assert.equal(pathThrough([[4, 5]]), 'M4 5h0');
  assert.equal(pathThrough([]), '');
});

test('an area goes along its upper side and back along the lower one', () => {
  const upper = [
    [0, 10],
    [5, 20],
  ] as const;
  const lower = [
    [0, 90],
    [5, 80],
  ] as const;
  assert.equal(areaBetween(upper, lower), 'M0 10l5 10 0 60-5 10z');
  assert.equal(areaBetween([], []), '');
});

test('a line is cut where nothing was measured for over eight times the usual distance', () => {
  const at = (...times: number[]): { timeMs: number }[] => times.map(timeMs => ({ timeMs }));
  assert.deepEqual(
    pieces(at(0, 1, 2, 3, 11, 20, 21)).map(part => part.map(({ timeMs }) => timeMs)),
    [
      [0, 1, 2, 3, 11],
      [20, 21],
    ],
  );
  assert.deepEqual(pieces([]), []);
});
