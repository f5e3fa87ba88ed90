import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketed } from '../../src/forecast/buckets.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { fc } from '../helpers/properties.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

function times(count: number, spacingMs: number): number[] {
  return Array.from({ length: count }, (_, at) => START + at * spacingMs);
}

test('even times with a near horizon keep their values', () => {
  const values = [3, 1, 4, 1, 5];
  const grid = bucketed(times(5, 5 * MINUTE), values, { aheadMs: HOUR, how: 'mean' });
  assert.deepEqual(grid?.values, values);
  assert.deepEqual([grid?.bucketMs, grid?.steps, grid?.filled], [5 * MINUTE, 12, 0]);
  assert.equal(grid?.endMs, START + 20 * MINUTE);
  assert.deepEqual(grid?.naturalPeriods, [12, 288, 2016]);
});

test('a far horizon takes wider buckets, of which the last holds the last value', () => {
  const grid = bucketed(times(300, 5 * MINUTE), times(300, 1), { aheadMs: DAY, how: 'last' });
  assert.deepEqual([grid?.bucketMs, grid?.steps], [15 * MINUTE, 96]);
  assert.deepEqual(grid?.values.slice(-2), [START + 296, START + 299]);
  const means = bucketed(times(300, 5 * MINUTE), times(300, 1), { aheadMs: DAY, how: 'mean' });
  assert.deepEqual(means?.values.slice(-2), [START + 295, START + 298]);
});

test('a schedule that jitters keeps its width, and a bucket without a value keeps the one before', () => {
  const random = seededRandom(1);
  const jittered = times(200, MINUTE).map(time => time + 3000 * random());
  const grid = bucketed(jittered, times(200, 1), { aheadMs: HOUR, how: 'mean' });
  assert.equal(grid?.bucketMs, MINUTE);
  const even = bucketed(
    [0, 1, 2, 5, 6].map(at => START + at * MINUTE),
    [1, 2, 3, 4, 5],
    { aheadMs: MINUTE, how: 'mean' },
  );
  assert.deepEqual([even?.values, even?.filled], [[1, 2, 3, 3, 3, 4, 5], 2]);
});

test('bursts with long silences get buckets that mostly have a value', () => {
  const bursts = times(40, DAY).flatMap(day => Array.from({ length: 20 }, (_, at) => day + at * 1000));
  const grid = bucketed(bursts, bursts, { aheadMs: HOUR, how: 'mean' });
  assert.ok(
    grid !== null && grid.filled <= grid.values.length / 2,
    `${grid?.filled} of ${grid?.values.length}`,
  );
});

test('only the latest 2,000 buckets are kept', () => {
  const grid = bucketed(times(5000, MINUTE), times(5000, 1), { aheadMs: HOUR, how: 'last' });
  assert.equal(grid?.values.length, 2000);
  assert.equal(grid?.values.at(-1), START + 4999);
});

test('no value gives no grid, one value a grid of one', () => {
  assert.equal(bucketed([], [], { aheadMs: HOUR, how: 'mean' }), null);
  assert.equal(bucketed([START], [Number.NaN], { aheadMs: HOUR, how: 'mean' }), null);
  assert.deepEqual(bucketed([START], [7], { aheadMs: HOUR, how: 'mean' })?.values, [7]);
});

test('any times and values give a grid of finite values', () => {
  const point = fc.tuple(
    fc.integer({ min: 0, max: 4e12 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(
    fc.property(fc.array(point, { maxLength: 60 }), fc.integer({ min: 1, max: 1e12 }), (points, aheadMs) => {
      points.sort(([a], [b]) => a - b);
      const grid = bucketed(
        points.map(([time]) => time),
        points.map(([, value]) => value),
        { aheadMs, how: 'mean' },
      );
      assert.equal(grid === null, points.length === 0);
      if (grid === null) return;
      assert.ok(grid.values.length >= 1 && grid.values.length <= 2000);
      assert.ok(grid.values.every(Number.isFinite) && grid.steps >= 1 && grid.steps <= 101);
    }),
    { numRuns: 200 },
  );
});
