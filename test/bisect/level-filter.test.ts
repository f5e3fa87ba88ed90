import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Belief, follow, vagueBelief } from '../../src/bisect/level-filter.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const STEADY = { scale: 1, wander: 0 };

function certain(level: number, change: number): Belief {
  return { level, change, levelVariance: 0, covariance: 0, changeVariance: 0 };
}

test('where level and change are known, a value is as likely as the t distribution with 4 degrees says', () => {
  // The density is 3/8 (1 + t^2 / 4)^(-5/2): 0.375 at 0, 0.2146625 at 1; with the scale 2 half of it, twice as far out.
  for (const [value, hasChange, scale, density] of [
    [5, false, 1, 0.375],
    [7, true, 1, 0.375],
    [6, false, 1, 0.2146625],
    [9, true, 2, 0.2146625 / 2],
  ] as const) {
    const found = follow(certain(5, 2), value, hasChange, { scale, wander: 0 });
    assert.ok(Math.abs(Math.exp(found) - density) < 1e-7, `${value}`);
  }
});

test('many runs of both kinds tell level and change, and how well', () => {
  const random = seededRandom(3);
  const belief = vagueBelief(0, 1_000);
  for (let index = 0; index < 400; index++)
    follow(belief, 10 + (index % 2) * 3 + gaussian(random), index % 2 === 1, STEADY);
  assert.ok(Math.abs(belief.level - 10) < 0.2 && Math.abs(belief.change - 3) < 0.3);
  // A difference of two means of 200 values: 2 s^2 / 200, over the 5/7 that t noise with 4 degrees tells as much as normal.
  assert.ok(Math.abs(belief.changeVariance - (2 / 200) * (7 / 5)) < 0.001, String(belief.changeVariance));
});

test('a wild run moves the level less than one that is nearer', () => {
  const moved = (value: number): number => {
    const belief = { ...certain(0, 0), levelVariance: 0.1 };
    follow(belief, value, false, STEADY);
    return belief.level;
  };
  assert.ok(moved(100) < moved(2) && moved(100) > 0);
});

test('a level that wanders is followed, one that is thought steady is not', () => {
  const [steady, wandering] = [vagueBelief(0, 10), vagueBelief(0, 10)];
  for (let index = 0; index < 100; index++) {
    follow(steady, index / 10, false, STEADY);
    follow(wandering, index / 10, false, { scale: 1, wander: 0.5 });
  }
  assert.ok(Math.abs(wandering.level - 9.9) < 0.5);
  assert.ok(Math.abs(steady.level - 9.9) > 2);
});
