import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Segment } from '../../../src/detect/events/segment.ts';

const VALUES = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 3, maxLength: 60 });

function segmentOf(values: readonly number[], resolution = 0): Segment {
  const segment = new Segment();
  segment.reset(values, null, resolution);
  return segment;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The sums of textbooks, over the first `count` values. */
function naive(values: readonly number[], count: number): { mean: number; deviation: number; r: number } {
  const first = values.slice(0, count);
  const mean = sum(first) / count;
  const squares = sum(first.map(value => (value - mean) ** 2));
  const products = sum(first.slice(1).map((value, index) => (value - mean) * ((first[index] ?? 0) - mean)));
  return { mean, deviation: Math.sqrt(squares / (count - 1)), r: squares === 0 ? 0 : products / squares };
}

function isClose(actual: number, expected: number, what: string, size = 1): void {
  assert.ok(Math.abs(actual - expected) <= 1e-6 * Math.max(1, size), `${what}: ${actual}, not ${expected}`);
}

test('the running sums give the mean, the deviation and the inflation that the plain formulas give', () => {
  fc.assert(
    fc.property(VALUES, fc.nat(), (values, pick) => {
      const count = 2 + (pick % (values.length - 1));
      const { mean, deviation, inflation } = segmentOf(values).level(count);
      const plain = naive(values, count);
      isClose(mean + (values[0] ?? 0), plain.mean, 'mean', 1000);
      isClose(deviation ** 2, plain.deviation ** 2, 'variance', 1e6);
      if (plain.deviation < 0.1) return; // of rounding alone nothing can be said
      const share = count / (count + 8);
      const correlation = Math.min(Math.max(share * plain.r + (1 - share) * 0.4, 0), 0.95);
      isClose(inflation, (1 + correlation) / (1 - correlation), 'inflation', 100);
    }),
  );
});

test('the mean of the last values holds each of them within the limit', () => {
  fc.assert(
    fc.property(VALUES, fc.nat(), fc.double({ min: 0.1, max: 500, noNaN: true }), (values, pick, limit) => {
      const segment = segmentOf(values);
      const count = 1 + (pick % values.length);
      const last = values.slice(-count).map(value => value - (values[0] ?? 0));
      const held = last.map(value => 5 + Math.max(-limit, Math.min(limit, value - 5)));
      isClose(segment.meanOfLast(count, 5, limit), sum(held) / count, 'held', 1000);
      isClose(segment.meanOfLast(count, 5, Number.POSITIVE_INFINITY), sum(last) / count, 'as it is', 1000);
      isClose(
        segment.meanOf(values.length - count, values.length),
        sum(values.slice(-count)) / count,
        'mean',
      );
    }),
  );
});

test('with two modes a distance is the one from the nearer mode', () => {
  const segment = new Segment();
  segment.reset([1, 2, 1.1, 2.2], { low: 1, high: 2 }, 0);
  const distances = [1, 2, 1.1, 2.2].map(value => segment.distance(value));
  assert.deepEqual(
    distances.map(distance => Math.round(distance * 10) / 10),
    [0, 0, 0.1, 0.2],
  );
  isClose(segment.level(4).mean, 0.075, 'mean of the distances');
  isClose(segment.meanOf(0, 4), 6.3 / 4, 'mean of the values');
});

test('without noise the deviation is the resolution, however many values there are', () => {
  for (const count of [5, 50, 500]) {
    isClose(segmentOf(Array(count).fill(7), 0.002).level(count).deviation, 0.002, `${count} values`);
  }
});

test('it begins anew with the newest where there are too many, its own values among them', () => {
  const segment = segmentOf(Array.from({ length: 3000 }, (_, index) => index));
  assert.ok(segment.length < Segment.capacity);
  assert.equal(segment.values().at(-1), 2999);
  segment.reset(segment.values().subarray(-3), null, 0);
  assert.deepEqual([...segment.values()], [2997, 2998, 2999]);
  assert.deepEqual([segment.lowest, segment.highest], [2997, 2999]);
});
