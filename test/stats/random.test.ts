import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const draw = (random: () => number, count: number): number[] => Array.from({ length: count }, () => random());
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the same seed gives the same sequence, another one another', () => {
  assert.deepEqual(draw(seededRandom(7), 100), draw(seededRandom(7), 100));
  assert.notDeepEqual(draw(seededRandom(7), 3), draw(seededRandom(8), 3));
  assert.notDeepEqual(draw(seededRandom(0), 3), draw(seededRandom(1), 3));
});

test('numbers are spread evenly over [0, 1), whatever the seed', () => {
  for (const seed of [0, 1, 2, 0xffff_ffff]) {
    const values = draw(seededRandom(seed), 20_000);
    assert.ok(values.every(value => value >= 0 && value < 1));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = values.filter(value => Math.floor(value * 10) === tenth).length / values.length;
      assert.ok(Math.abs(share - 0.1) < 0.01, `seed ${seed}: ${share} in tenth ${tenth}`);
    }
    const neighbours = mean(values.map((value, index) => (value - 0.5) * ((values[index + 1] ?? 0.5) - 0.5)));
    assert.ok(Math.abs(neighbours) < 0.003, `seed ${seed}: neighbours go together, ${neighbours}`);
  }
});

test('normal numbers have mean 0, deviation 1 and the usual share beyond two deviations', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 40_000 }, () => gaussian(random));
  assert.ok(Math.abs(mean(values)) < 0.02);
  assert.ok(Math.abs(mean(values.map(value => value ** 2)) - 1) < 0.03);
  assert.ok(Math.abs(mean(values.map(value => (Math.abs(value) > 2 ? 1 : 0))) - 0.0455) < 0.005);
});
