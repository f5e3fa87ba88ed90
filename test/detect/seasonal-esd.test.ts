import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginSeasonalEsd } from '../../src/detect/seasonal-esd.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

function scoresOf(values: readonly (number | null)[], period: number | null = null): (number | null)[] {
  const model = beginSeasonalEsd({ period });
  return values.map(value => model.next({ timeMs: null, values: [value] }).score);
}

function flagged(scores: readonly (number | null)[]): number[] {
  return scores.flatMap((score, index) => ((score ?? 0) > 0.5 ? [index] : []));
}

function season(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from(
    { length: count },
    (_, index) => 100 + 15 * Math.sin((2 * Math.PI * index) / 24) + gaussian(random),
  );
}

test('a value that is ordinary at noon is an outlier at midnight, with the period given or found', () => {
  for (const period of [24, null]) {
    const values = season(300, 1);
    values[282] = 115; // where the season is at its lowest
    assert.deepEqual(
      flagged(scoresOf(values, period)).filter(index => index > 200),
      [282],
    );
  }
});

test('the judgement of a point does not depend on what comes after it', () => {
  const values = season(1500, 2);
  const whole = scoresOf(values);
  assert.deepEqual(scoresOf(values.slice(0, 1234)), whole.slice(0, 1234));
});

test('outliers do not hide one another', () => {
  const random = seededRandom(3);
  const values = Array.from(
    { length: 400 },
    (_, index) => ([120, 190, 290, 370].includes(index) ? 30 : 10) + gaussian(random),
  );
  assert.deepEqual(
    flagged(scoresOf(values)).filter(index => index > 90),
    [120, 190, 290, 370],
  );
});

test('a second mode is no outlier', () => {
  const random = seededRandom(4);
  const values = Array.from(
    { length: 1000 },
    () => (random() < 0.25 ? 118 : 100) * (1 + 0.03 * gaussian(random)),
  );
  const found = flagged(scoresOf(values));
  assert.ok(found.length <= 5, `${found}`);
});

test('in noise it flags less than one value in five hundred', () => {
  let count = 0;
  for (let seed = 10; seed < 20; seed++) {
    const random = seededRandom(seed);
    count += flagged(scoresOf(Array.from({ length: 1000 }, () => gaussian(random)))).length;
  }
  assert.ok(count <= 20, `${count}`);
});

test('few values, gaps and equal values are no outliers', () => {
  assert.ok(scoresOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 99]).every(score => score === null));
  assert.equal(scoresOf([...season(50, 5), null])[50], null);
  assert.deepEqual(flagged(scoresOf(Array.from({ length: 100 }, () => 7))), []);
});

test('a history that is learned at once is known like one that came value by value', () => {
  const history = Array.from(
    { length: 200 },
    (_, index) => 10 + 3 * Math.sin((2 * Math.PI * index) / 24) + 0.01 * (index % 7),
  );
  const [oneByOne, atOnce] = [beginSeasonalEsd({ period: null }), beginSeasonalEsd({ period: null })];
  const observed = history.map(value => ({ values: [value], timeMs: null }));
  for (const observation of observed) oneByOne.next(observation);
  atOnce.learn?.(observed);
  const next = { values: [10 + 3 * Math.sin((2 * Math.PI * 200) / 24)], timeMs: null };
  for (const model of [oneByOne, atOnce]) {
    assert.ok((model.next(next).score ?? 1) < 0.5);
    assert.ok((model.next({ ...next, values: [13.5] }).score ?? 0) > 0.5);
  }
});
