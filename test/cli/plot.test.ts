import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partOf, plotted, rangeOf } from '../../src/cli/plot.ts';

test('a rising line goes from the lower left to the upper right', () => {
  const lines = plotted([0, 1, 2, 3, 4, 5, 6, 7], 4, 2);
  assert.deepEqual(lines, ['⠀⠀⡠⠊', '⡠⠊⠀⠀']);
});

test('a constant series is a line across, and a series without values is empty', () => {
  assert.deepEqual(plotted([3, 3, 3, 3], 2, 1), ['⠤⠤']);
  assert.deepEqual(plotted([null, null], 2, 1), ['⠀⠀']);
});

test('many values in one place are drawn from their lowest to their highest', () => {
  const values = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? 0 : 10));
  assert.deepEqual(plotted(values, 2, 1), ['⣿⣿']);
});

test('few values are spread over the width, with gaps between them', () => {
  assert.deepEqual(plotted([1, 1], 4, 1), ['⠄⠀⠄⠀']);
});

test('the range passes over what is missing', () => {
  assert.deepEqual(rangeOf([null, 2, -1, null]), [-1, 2]);
  assert.deepEqual(rangeOf([]), [0, 0]);
});

test('each value lies in one of the equal parts', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map(index => partOf(index, 4, 2)),
    [0, 0, 1, 1],
  );
  assert.equal(partOf(99, 100, 10), 9);
});
