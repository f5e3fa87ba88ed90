import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changePointsOf } from '../../src/detect/offline-change-points.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const SEEDS = 20;

type Values = (number | null)[];

const placesOf = (values: Values, period: number | null = null): number[] =>
  changePointsOf(values, { period }).map(({ index }) => index);

/** Log-normal noise around 1 with this coefficient of variation. */
function logNormal(random: () => number, variation: number): number {
  const deviation = Math.sqrt(Math.log(1 + variation * variation));
  return Math.exp(deviation * gaussian(random) - (deviation * deviation) / 2);
}

/** Two hundred runs, the level of each by its index, with noise of its own. */
function runs(
  seed: number,
  noise: (random: () => number) => number,
  level: (index: number) => number,
): Values {
  const random = seededRandom(seed);
  return Array.from({ length: 200 }, (_, index) => level(index) * noise(random));
}

const twoModes = (random: () => number): number => logNormal(random, 0.03) * (random() < 0.25 ? 1.18 : 1);

const stepAt100 = (factor: number) => (index: number) => (index >= 100 ? factor : 1);

const sameEverySeed = (make: (seed: number) => Values, check: (values: Values) => void): void => {
  for (let seed = 1; seed <= SEEDS; seed++) check(make(seed));
};

for (const variation of [0.03, 0.1, 0.3]) {
  test(`stationary noise of ${100 * variation} % has no change point`, () => {
    sameEverySeed(
      seed =>
        runs(
          seed,
          random => logNormal(random, variation),
          () => 1,
        ),
      values => assert.deepEqual(placesOf(values), []),
    );
  });
}

test('noise with two modes has no change point', () => {
  sameEverySeed(
    seed => runs(seed, twoModes, () => 1),
    values => assert.deepEqual(placesOf(values), []),
  );
});

for (const [variation, factor] of [
  [0.03, 1.1],
  [0.1, 1.3],
  [0.3, 2],
] as const) {
  test(`a shift to ${factor} in noise of ${100 * variation} % is the only change point`, () => {
    sameEverySeed(
      seed => runs(seed, random => logNormal(random, variation), stepAt100(factor)),
      values => {
        const places = placesOf(values);
        assert.equal(places.length, 1);
        assert.ok(Math.abs((places[0] ?? 0) - 100) <= 3, `at ${places[0]}`);
      },
    );
  });
}

test('a change point says from what to what, by how much and how surely', () => {
  const values = Array.from({ length: 60 }, (_, index) => (index >= 30 ? 15 : 10) + (index % 3) - 1);
  assert.deepEqual(changePointsOf(values, { period: null }), [
    { index: 30, before: 10, after: 15, sizePercent: 50, confidence: 1 },
  ]);
});

test('a fall from a negative level has a negative size, one from 0 has none', () => {
  const step = (before: number, after: number): Values =>
    Array.from({ length: 60 }, (_, index) => (index >= 30 ? after : before) + (index % 3) - 1);
  assert.equal(changePointsOf(step(-10, -20), { period: null })[0]?.sizePercent, -100);
  assert.equal(changePointsOf(step(0, 20), { period: null })[0]?.sizePercent, null);
});

test('several levels are all found', () => {
  sameEverySeed(
    seed =>
      runs(
        seed,
        random => logNormal(random, 0.05),
        index => [1, 1.6, 1.2, 2][Math.floor(index / 50)] ?? 1,
      ),
    values => {
      const places = placesOf(values);
      assert.equal(places.length, 3);
      places.forEach((place, at) => void assert.ok(Math.abs(place - 50 * (at + 1)) <= 2, `at ${place}`));
    },
  );
});

test('a rise that turns into a fall changes at the turn', () => {
  const random = seededRandom(1);
  const values = Array.from({ length: 120 }, (_, index) => Math.min(index, 140 - index) + gaussian(random));
  const places = placesOf(values);
  assert.equal(places.length, 1);
  assert.ok(Math.abs((places[0] ?? 0) - 70) <= 5, `at ${places[0]}`);
});

test('smooth growth has no change point', () => {
  const random = seededRandom(2);
  const series = (value: (index: number) => number): Values =>
    Array.from({ length: 100 }, (_, index) => value(index) + gaussian(random) / 10);
  assert.deepEqual(placesOf(series(index => index)), []);
  assert.deepEqual(placesOf(series(index => (index * index) / 100)), []);
  assert.deepEqual(placesOf(series(index => 100 / (1 + Math.exp((50 - index) / 12)))), []);
});

test('a season has no change point, a shift in it has one', () => {
  const day = (index: number): number => 1 + 0.15 * Math.sin((2 * Math.PI * index) / 24);
  for (const period of [null, 24]) {
    sameEverySeed(
      seed => runs(seed, random => logNormal(random, 0.03), day),
      values => assert.deepEqual(placesOf(values, period), []),
    );
    sameEverySeed(
      seed =>
        runs(
          seed,
          random => logNormal(random, 0.03),
          index => day(index) * stepAt100(1.3)(index),
        ),
      values => {
        const places = placesOf(values, period);
        assert.equal(places.length, 1);
        assert.ok(Math.abs((places[0] ?? 0) - 100) <= 3, `at ${places[0]}`);
      },
    );
  }
});

test('single spikes are no change points', () => {
  sameEverySeed(
    seed =>
      runs(
        seed,
        random => logNormal(random, 0.1),
        index => (index % 50 === 37 ? 3 : 1),
      ),
    values => assert.deepEqual(placesOf(values), []),
  );
});

test('the unit and the zero of the values do not matter', () => {
  const values = runs(3, random => logNormal(random, 0.1), stepAt100(1.5));
  const places = placesOf(values);
  assert.equal(places.length, 1);
  for (const [factor, offset] of [
    [1e-6, 0],
    [1e6, -5e6],
    [-3, 20],
    [1e300, 0],
  ] as const) {
    assert.deepEqual(placesOf(values.map(value => (value ?? 0) * factor + offset)), places);
  }
});

test('gaps are passed over, and a change in one shows with the first value after it', () => {
  const values = runs(4, random => logNormal(random, 0.03), stepAt100(1.5));
  const holed = values.map((value, index) => (index % 7 === 3 || (index > 90 && index < 110) ? null : value));
  assert.deepEqual(placesOf([null, null, ...holed, null]), [112]);
});

test('a series that says nothing has no change point', () => {
  for (const values of [[], [null, null], [1], [1, 2, 3, 9, 9], Array<number>(300).fill(0.1 + 0.2)]) {
    assert.deepEqual(placesOf(values), []);
  }
  assert.deepEqual(placesOf(Array.from({ length: 50 }, () => Number.NaN)), []);
});

test('few values of noise seldom have one', () => {
  const random = seededRandom(11);
  const found = [7, 10, 20, 30, 50].flatMap(length =>
    Array.from({ length: 100 }, () => placesOf(Array.from({ length }, () => gaussian(random))).length),
  );
  assert.ok(found.filter(count => count > 0).length <= 0.1 * found.length);
});

test('a large step between two halves is found in few values, of an even and an odd number', () => {
  const random = seededRandom(12);
  const isFound = (length: number): boolean => {
    const half = length >> 1;
    const places = placesOf(Array.from({ length }, (_, index) => gaussian(random) + (index < half ? 0 : 8)));
    return places.some(place => Math.abs(place - half) <= 1);
  };
  for (const length of [8, 9, 10, 12, 20]) {
    assert.ok(
      Array.from({ length: 50 }, () => isFound(length)).filter(Boolean).length >= 45,
      `${length} values`,
    );
  }
});

test('few values are enough for what strikes the eye', () => {
  assert.deepEqual(placesOf([5, 6, 5, 6, 5, 6, 5, 25, 26, 25, 26, 25, 26, 25]), [7]);
});

test('in a hundred thousand values the place is exact', () => {
  const random = seededRandom(9);
  const values = Array.from(
    { length: 100_000 },
    (_, index) => (index >= 33_333 ? 13 : 10) + gaussian(random),
  );
  const places = placesOf(values);
  assert.equal(places.length, 1);
  assert.ok(Math.abs((places[0] ?? 0) - 33_333) <= 3, `at ${places[0]}`);
});
