import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement } from '../../../src/detect/offline/agreement.ts';
import { optimalSegments } from '../../../src/detect/offline/optimal-segments.ts';
import { refined } from '../../../src/detect/offline/refine.ts';
import { withoutSeason } from '../../../src/detect/offline/season.ts';
import { costOf, LEVEL, LINE, residualsOf } from '../../../src/detect/offline/shape.ts';
import { smoothCost } from '../../../src/detect/offline/smooth.ts';
import { coarsened, wholeSeries, withoutSpikes } from '../../../src/detect/offline/view.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import { tcpdScore } from '../../bench/detect/tcpd.ts';

const near = (actual: number, expected: number, within = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

const noise = (length: number, seed: number): Float64Array => {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => gaussian(random));
};

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

test('the cost of a stretch is what is left of it after the fit', () => {
  const values = noise(40, 1).map((value, index) => value + index / 7);
  for (const shape of [LEVEL, LINE]) {
    const cost = costOf(values, shape);
    for (const [start, end] of [
      [0, 40],
      [3, 5],
      [17, 31],
    ] as const) {
      near(cost(start, end), squares(residualsOf(values.slice(start, end), [], shape)));
    }
  }
});

test('a straight line costs nothing as a line, and its variance as a level', () => {
  const values = Float64Array.from({ length: 9 }, (_, index) => 2 * index);
  near(costOf(values, LINE)(0, 9), 0);
  near(costOf(values, LEVEL)(0, 9), 4 * 60); // 60 = the sum of squares of -4..4
});

test('the best places are those that trying all of them finds', () => {
  const values = noise(18, 2).map((value, index) => value + (index >= 6 ? 2 : 0) - (index >= 12 ? 3 : 0));
  for (const shape of [LEVEL, LINE]) {
    const cost = costOf(values, shape);
    const [none, one, two] = optimalSegments(cost, values.length, 2, shape.shortest);
    assert.deepEqual(none, []);
    assert.deepEqual(one, cheapest(cost, values.length, shape.shortest, false));
    assert.deepEqual(two, cheapest(cost, values.length, shape.shortest, true));
  }
});

function cheapest(
  cost: (a: number, b: number) => number,
  length: number,
  shortest: number,
  two: boolean,
): number[] {
  let best: { sum: number; places: number[] } = { sum: Number.POSITIVE_INFINITY, places: [] };
  for (let first = shortest; first <= length - shortest; first++) {
    if (!two) best = better(best, cost(0, first) + cost(first, length), [first]);
    for (let second = first + shortest; two && second <= length - shortest; second++) {
      const sum = cost(0, first) + cost(first, second) + cost(second, length);
      best = better(best, sum, [first, second]);
    }
  }
  return best.places;
}

function better(
  best: { sum: number; places: number[] },
  sum: number,
  places: number[],
): { sum: number; places: number[] } {
  return sum < best.sum ? { sum, places } : best;
}

test('no more segments are looked for than fit in', () => {
  const cost = costOf(noise(7, 3), LINE);
  assert.equal(optimalSegments(cost, 7, 8, 3).length, 2);
});

test('a curve of degree 3 leaves nothing, and degree 1 leaves what a line does', () => {
  const cubic = Float64Array.from(
    { length: 50 },
    (_, index) => (index / 10) ** 3 - 4 * (index / 10) ** 2 + 1,
  );
  near(smoothCost(cubic, 3), 0);
  assert.ok(smoothCost(cubic, 2) > 1);
  const values = noise(50, 4);
  near(smoothCost(values, 1), costOf(values, LINE)(0, 50));
  near(smoothCost(values, 0), costOf(values, LEVEL)(0, 50));
});

test('agreement is the F1 and the covering of the benchmark, for one person', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 200; round++) {
    const [of, and] = [places(random), places(random)];
    const { f1, covering } = tcpdScore([of], and, 200);
    near(agreement(of, and, 200), f1 + covering);
  }
});

/** Some places, far enough apart that it does not matter in which order they are matched. */
function places(random: () => number): number[] {
  return Array.from({ length: 9 }, (_, at) => 20 * (at + 1) + Math.floor(8 * random())).filter(
    () => random() < 0.5,
  );
}

test('a season is found, taken out, and not invented', () => {
  const random = seededRandom(6);
  const rhythm = Float64Array.from(
    { length: 240 },
    (_, index) => Math.sin((index * Math.PI) / 6) + gaussian(random) / 10,
  );
  const { rest, power } = withoutSeason(rhythm, null);
  near(power, 1 / 2, 0.02);
  assert.ok(squares(rest) / 240 < 0.015);
  assert.deepEqual(withoutSeason(rhythm, 12), { rest, power });
  assert.equal(withoutSeason(noise(240, 7), null).power, 0);
});

test('a period that does not fit in twice is no season', () => {
  assert.equal(withoutSeason(noise(20, 8), 11).power, 0);
  assert.equal(withoutSeason(noise(20, 8), 1).power, 0);
});

test('a spike goes, a step and a plateau of four stay', () => {
  const step = Float64Array.from(
    { length: 60 },
    (_, index) => (index >= 30 ? 5 : 0) + Math.sin(index * index) / 10,
  );
  assert.deepEqual(withoutSpikes(step), step);
  const spiked = step.slice();
  spiked[15] = 50;
  assert.ok(Math.abs(withoutSpikes(spiked)[15] ?? 50) < 0.2);
  const plateau = step.slice().fill(20, 40, 44);
  assert.deepEqual(withoutSpikes(plateau), plateau);
});

test('the values move into -1..1', () => {
  assert.deepEqual(wholeSeries([10, 30, 20]), { values: Float64Array.from([-1, 1, 0]), indices: [0, 1, 2] });
  assert.equal(wholeSeries([3, 3, 3 + 1e-12]), null);
});

test('short gaps are bridged, long ones and those at the ends passed over', () => {
  const values = [null, 10, null, Number.NaN, null, 30, null, null, null, null, 20, null];
  const whole = wholeSeries(values);
  assert.deepEqual([...(whole?.values ?? [])], [-1, -0.5, 0, 0.5, 1, 0]);
  assert.deepEqual(whole?.indices, [1, 5, 5, 5, 5, 10]);
  assert.equal(wholeSeries([null, null]), null);
});

test('a coarse view has means of pieces, the last of which takes what is left over', () => {
  const { values, starts } = coarsened(Float64Array.from([1, 3, 5, 7, 9, 11, 13]), 3);
  assert.deepEqual([...values], [3, 10]);
  assert.deepEqual([...starts], [0, 3, 7]);
});

test('a change point moves to where the values change', () => {
  const values = Float64Array.from({ length: 100 }, (_, index) => (index >= 47 ? 1 : 0));
  assert.deepEqual(refined([44], costOf(values, LEVEL), 100, 5), [47]);
});
