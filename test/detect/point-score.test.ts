import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginPointScore, type PointScore } from '../../src/detect/point-score.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const SETTINGS = { period: null, seed: 1 };

function scoresOf(values: readonly (number | null)[], stepMs: number | null = null): PointScore[] {
  const scorer = beginPointScore(SETTINGS);
  return values.map((value, index) => scorer.next(value, stepMs === null ? null : index * stepMs));
}

function noise(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 100 + 3 * gaussian(random));
}

test('the score of a point is the same whether or not the rest of the series exists', () => {
  const values = [...noise(700, 1), 200, ...noise(300, 2)];
  const whole = scoresOf(values, 300_000);
  for (const length of [1, 5, 12, 400, 701, 702]) {
    assert.deepEqual(scoresOf(values.slice(0, length), 300_000), whole.slice(0, length));
  }
});

test('a spike and a level never seen stand out, once', () => {
  for (const odd of [[130], [70], [130, 131, 129, 130, 132]]) {
    const scored = scoresOf([...noise(500, 3), ...odd, ...noise(60, 4)]);
    const high = scored.flatMap(({ score }, index) => ((score ?? 0) >= 0.5 ? [index] : []));
    assert.deepEqual(
      high.filter(index => index >= 490),
      [500],
      `${odd}`,
    );
  }
});

test('an ordinary value at an unusual time stands out where times have a daily rhythm', () => {
  const random = seededRandom(5);
  const values = Array.from({ length: 2000 }, (_, index) => {
    const busy = index % 288 > 100 && index % 288 < 200;
    return (busy && index < 1850 ? 80 : 20) + gaussian(random);
  });
  const scored = scoresOf(values, 300_000);
  const highest = (from: number, to: number): number =>
    Math.max(...scored.slice(from, to).map(({ score }) => score ?? 0));
  assert.ok(highest(1850, 1860) > 0.6);
  assert.ok(highest(1850, 1860) > highest(600, 1850));
  assert.ok((scored[1850]?.votes['same-phase'] ?? 0) > (scored[1850]?.votes.novelty ?? 1));
});

test('after a peak the score falls at once and fades, but stays above that of ordinary points', () => {
  const scored = scoresOf([...noise(500, 6), 150, ...noise(100, 7)]).map(({ score }) => score ?? 0);
  assert.ok((scored[500] ?? 0) > 0.8);
  const middleOf = (from: number): number => scored.slice(from, from + 20).sort((a, b) => a - b)[10] ?? 1;
  assert.ok(Math.max(...scored.slice(501, 520)) < 0.3);
  assert.ok(
    middleOf(501) > middleOf(480) && middleOf(501) > middleOf(580),
    `${[480, 501, 580].map(middleOf)}`,
  );
});

test('points of an unusual stretch rank above those of an ordinary one, and below a peak', () => {
  const quiet = Array.from({ length: 1500 }, (_, index) => Math.sin((2 * Math.PI * index) / 50));
  const random = seededRandom(4);
  const values = quiet.map((value, index) =>
    index >= 1200 && index < 1260 ? 0.8 * value + 0.2 * gaussian(random) : value,
  );
  const scored = scoresOf(values).map(({ score }) => score ?? 0);
  const least = Math.min(...scored.slice(1230, 1260));
  assert.ok(least > Math.max(...scored.slice(600, 1200)), `${least}`);
  const high = scored.slice(1210, 1260).filter(score => score >= 0.5).length;
  assert.ok(high <= 2, `${high} peaks`);
});

test('the unit of a series does not matter, nor does an offset', () => {
  const values = [...noise(400, 8), 140, ...noise(50, 9)];
  const [plain, scaled] = [values, values.map(value => value * 1024 + 2 ** 20)].map(each =>
    scoresOf(each).map(({ score }) => score ?? -1),
  );
  plain?.forEach((score, index) => {
    assert.ok(Math.abs(score - (scaled?.[index] ?? -1)) < 1e-6, `${index}`);
  });
});

test('a short history is judged with restraint: nothing before five values, and noise seldom stands out', () => {
  let high = 0;
  for (let seed = 0; seed < 20; seed++) {
    const scored = scoresOf(noise(200, seed));
    assert.deepEqual(
      scored.slice(0, 4).map(({ score }) => score),
      [null, null, null, null],
    );
    high += scored.filter(({ score }) => (score ?? 0) >= 0.5).length;
  }
  assert.ok(high / (20 * 200) < 0.02, `${high}`);
});

test('constant series, gaps, rounding and values out of all range are no anomaly', () => {
  const constant = scoresOf(Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? 0.3 : 0.1 + 0.2)));
  assert.ok(constant.every(({ score }) => (score ?? 0) === 0));
  const gaps = scoresOf([...noise(100, 10), null, Number.NaN, 1e200, 100]);
  assert.deepEqual(
    gaps.slice(100, 103).map(({ score, expected }) => [score, expected]),
    [
      [null, null],
      [null, null],
      [null, null],
    ],
  );
  assert.notEqual(gaps[103]?.score, null);
});

test('the expected range holds what it says', () => {
  const values = noise(3000, 11);
  const outside = scoresOf(values).filter(({ expected }, index) => {
    const value = values[index] ?? 0;
    return expected !== null && (value < expected[0] || value > expected[1]);
  });
  assert.ok(outside.length / 3000 < 0.035 && outside.length / 3000 > 0.01, `${outside.length}`);
});
