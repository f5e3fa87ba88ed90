import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RollUpSeries } from '../../src/report/data.ts';
import { thinned } from '../../src/report/thin.ts';

const minutes = (count: number): number[] => Array.from({ length: count }, (_, index) => index * 60_000);

test('a series that fits stays as it is', () => {
  const columns = thinned({ kind: 'values', timesMs: [0, 10, 20], values: [3, 1, 2] }, 0, 20, 3);
  assert.deepEqual(
    columns.map(({ timeMs, middle, low, high }) => [timeMs, middle, low, high]),
    [
      [0, 3, 3, 3],
      [10, 1, 1, 1],
      [20, 2, 2, 2],
    ],
  );
});

test('of many values each slice keeps its median and its extremes: no spike is lost', () => {
  const values = minutes(10_000).map((_, index) =>
    index === 4321 ? 99 : index === 8765 ? -99 : 1 + (index % 3),
  );
  const columns = thinned({ kind: 'values', timesMs: minutes(10_000), values }, 0, 10_000 * 60_000, 100);
  assert.equal(columns.length, 100);
  assert.ok(columns.every(({ middle }) => middle === 2));
  assert.deepEqual(
    [Math.max(...columns.map(({ high }) => high)), Math.min(...columns.map(({ low }) => low))],
    [99, -99],
  );
  assert.equal(
    columns.findIndex(({ high }) => high === 99),
    43,
  );
  assert.ok(columns.every(({ timeMs }, index) => index === 0 || timeMs > (columns[index - 1]?.timeMs ?? 0)));
});

test('what lies outside of the time, or is no number, is left out; slices without values too', () => {
  const values = [1, Number.NaN, 2, Number.POSITIVE_INFINITY, 3];
  const columns = thinned({ kind: 'values', timesMs: [0, 1, 2, 3, 100], values }, 0, 10, 50);
  assert.deepEqual(
    columns.map(({ middle }) => middle),
    [1, 2],
  );
});

test('roll-ups stand in the middle of their buckets, and those that reach into the time are there', () => {
  const series: RollUpSeries = {
    ...{ kind: 'roll-up', bucketMs: 10, timesMs: [0, 10, 20], counts: [5, 5, 5] },
    ...{ mean: [1, 2, 3], min: [0, 1, 2], max: [2, 9, 4], p95: [1.5, 8, 3.5] },
  };
  assert.deepEqual(
    thinned(series, 8, 22, 10).map(({ timeMs, middle, high, p95 }) => [timeMs, middle, high, p95]),
    [
      [8, 1, 2, 1.5],
      [15, 2, 9, 8],
      [22, 3, 4, 3.5],
    ],
  );
  assert.deepEqual(
    thinned(series, 0, 30, 1).map(({ middle, low, high, p95 }) => [middle, low, high, p95]),
    [[2, 0, 9, 8]],
  );
});
