import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from '../../../src/report/markdown/sparkline.ts';

const spark = (timesMs: number[], values: number[], toMs: number, width: number): string =>
  sparkline({ kind: 'values', timesMs, values }, { fromMs: 0, toMs }, width);

test('a course goes from the lowest to the highest block', () => {
  assert.equal(spark([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7], 8, 8), '▁▂▃▄▅▆▇█');
});

test('values alike are in the middle, a slice without values is a dot, no values are nothing', () => {
  assert.equal(spark([0, 3], [5, 5], 4, 4), '▅··▅');
  assert.equal(spark([], [], 4, 4), '');
});

test('a lone spike does not hide what is typical', () => {
  const times = Array.from({ length: 1000 }, (_, index) => index);
  const values = times.map(time => (time === 700 ? 1000 : time < 500 ? 1 : 2));
  assert.equal(spark(times, values, 1000, 4), '▁▁██');
});
