import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from '../../src/cli/sparkline.ts';

test('the lowest value is the lowest block, the highest the highest', () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), '▁▂▃▄▅▆▇█');
  assert.equal(sparkline([7, null, 0], 8), '█ ▁');
});

test('of more values than there is room for each block is a mean; of fewer each is one', () => {
  assert.equal(sparkline([0, 0, 7, 7, null, null, 0, 7], 4), '▁█ ▅');
  for (let length = 1; length <= 100; length += 1) {
    const rising = Array.from({ length }, (_, index) => index);
    const line = sparkline(rising, length);
    assert.equal(line.length, length);
    assert.equal([...line].toSorted().join(''), line, `${length} values, each in its place`);
  }
});

test('equal values are a flat line in the middle, whatever their sums are rounded to; without any there is none', () => {
  assert.equal(sparkline(new Array(21).fill(0.9), 5), '▄▄▄▄▄');
  assert.equal(sparkline(new Array(21).fill(0.1), 5), '▄▄▄▄▄');
  assert.equal(sparkline([0, 0], 5), '▄▄');
  assert.equal(sparkline([null, null], 5), '  ');
  assert.equal(sparkline([], 5), '');
});
