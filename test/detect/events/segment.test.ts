import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Segment } from '../../../src/detect/events/segment.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import { fc } from '../../helpers/properties.ts';

const VALUES = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 3, maxLength: 60 });

function segmentOf(values: readonly number[], resolution = 0): Segment {
  const segment = new Segment();
  segment.reset(values, null, resolution);
  return segment;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The sums of textbooks, over the first `count` values. */
function naive(values: readonly number[], count: number): { mean: number; squares: number; r: number } {
  const first = values.slice(0, count);
  const mean = sum(first) / count;
  const squares = sum(first.map(value => (value - mean) ** 2));
  const products = sum(first.slice(1).map((value, index) => (value - mean) * ((first[index] ?? 0) - mean)));
  return { mean, squares, r: squares === 0 ? 0 : products / squares };
}

function isClose(actual: number, expected: number, what: string, size = 1): void {
  assert.ok(Math.abs(actual - expected) <= 1e-6 * Math.max(1, size), `${what}: ${actual}, not ${expected}`);
}

test('a level that was asked for is another one once the segment begins anew', () => {
  const segment = segmentOf([1, 2, 3, 4, 5, 6]);
  const { deviation } = segment.level(5);
  segment.push(60);
  assert.equal(segment.level(5).deviation, deviation);
  segment.reset([10, 20, 30, 40, 50, 60], null, 0);
  assert.deepEqual(segment.level(5), segmentOf([10, 20, 30, 40, 50, 60]).level(5));
  assert.notEqual(segment.level(5).deviation, deviation);
});

test('the running sums give the mean, the deviation and the inflation that the plain formulas give, corrected for few values', () => {
  fc.assert(
    fc.property(VALUES, fc.nat(), (values, pick) => {
      const count = 2 + (pick % (values.length - 1));
      const { mean, deviation, inflation } = segmentOf(values).level(count);
      const plain = naive(values, count);
      isClose(mean + (values[0] ?? 0), plain.mean, 'mean', 1000);
      if (plain.squares < 0.01 * count) return; // of rounding alone nothing can be said
      const share = count / (count + 8);
      const seen = plain.r + (1 + 3 * plain.r) / count;
      const correlation = Math.min(Math.max(share * seen + (1 - share) * 0.4, 0), 0.95);
      const expected = (1 + correlation) / (1 - correlation);
      isClose(inflation, expected, 'inflation', 100);
      const degrees = Math.max(count - expected, count / 4);
      isClose(deviation ** 2, plain.squares / degrees, 'variance', 1e6);
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

test('among few values that are alike, variance and correlation come out nearly as large as they are', () => {
  const random = seededRandom(1);
  const [count, correlation, series] = [60, 0.7, 400];
  let [variance, plain, inflation] = [0, 0, 0];
  for (let each = 0; each < series; each += 1) {
    let last = gaussian(random);
    const values = Array.from({ length: count }, () => {
      last = correlation * last + Math.sqrt(1 - correlation ** 2) * gaussian(random);
      return last;
    });
    const level = segmentOf(values).level(count);
    variance += level.deviation ** 2 / series;
    inflation += level.inflation / series;
    plain += naive(values, count).squares / (count - 1) / series;
  }
  assert.ok(plain < 0.94, `${plain}`); // of the true 1
  assert.ok(Math.abs(variance - 1) < 0.05, `${variance}`);
  assert.ok(Math.abs(inflation - (1 + correlation) / (1 - correlation)) < 1, `${inflation}`);
});

test('the mean distance from the mean before is 0.8 standard deviations for normal values, and less where far ones are usual', () => {
  const random = seededRandom(2);
  const normal = Array.from({ length: 1000 }, () => gaussian(random));
  const laplace = Array.from({ length: 1000 }, () => Math.log(random() / random()));
  const ratioOf = (values: readonly number[]): number => {
    const segment = segmentOf(values);
    return segment.meanAbsolute / segment.level(values.length).deviation;
  };
  isClose(ratioOf(normal), Math.sqrt(2 / Math.PI), 'normal', 3e4);
  isClose(ratioOf(laplace), Math.SQRT1_2, 'laplace', 3e4);
  assert.equal(segmentOf([1, 2, 3, 4, 5]).meanAbsolute, 0);
});
