import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seasonAt } from '../../../src/detect/events/harmonics.ts';
import { findSeason } from '../../../src/detect/events/season.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

const daily = (index: number): number => 3 * Math.sin((2 * Math.PI * index) / 24);

function noisy(seed: number, count: number, of: (index: number) => number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, (_, index) => of(index) + gaussian(random));
}

test('a season is found, and is where it was, whatever the number of the first value', () => {
  for (const first of [0, 13, 1000]) {
    const found = findSeason(
      noisy(1, 200, index => daily(first + index)),
      first,
      null,
    );
    assert.equal(found?.season.period, 24);
    for (let index = 0; index < 24; index += 1) {
      const error = seasonAt(found.season, index) - daily(index);
      assert.ok(Math.abs(error) < 0.8, `${first}, ${index}: ${error}`);
    }
  }
});

test('values that are missing neither shift it nor make it smaller', () => {
  const random = seededRandom(4);
  const values = noisy(2, 400, daily).map(value => (random() < 0.3 ? Number.NaN : value));
  const found = findSeason(values, 0, 24);
  assert.ok(found !== null);
  const highest = Math.max(...found.season.pattern);
  assert.ok(highest > 2.5 && highest < 3.5, `${highest}`);
  assert.ok(Math.abs(seasonAt(found.season, 6) - 3) < 0.8);
});

test('white noise has none, also with a period that is given', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    assert.equal(
      findSeason(
        noisy(seed, 200, () => 0),
        0,
        null,
      ),
      null,
      `seed ${seed}`,
    );
    assert.equal(
      findSeason(
        noisy(seed, 200, () => 0),
        0,
        24,
      ),
      null,
      `seed ${seed}, given`,
    );
  }
});

test('what does not come again in the last cycle is none', () => {
  assert.equal(
    findSeason(
      noisy(1, 200, index => (index < 170 ? daily(index) : -daily(index))),
      0,
      24,
    ),
    null,
  );
});

test('equal values, few values and less than two cycles have none', () => {
  assert.equal(findSeason(new Float64Array(100).fill(3), 0, null), null);
  assert.equal(
    findSeason(
      Float64Array.from({ length: 14 }, (_, index) => daily(index)),
      0,
      null,
    ),
    null,
  );
  assert.equal(findSeason(noisy(1, 40, daily), 0, 24), null);
  assert.equal(findSeason(new Float64Array(100).fill(Number.NaN), 0, null), null);
  assert.equal(
    findSeason(
      Float64Array.from({ length: 99 }, (_, index) => index % 2),
      0,
      2,
    ),
    null,
  );
});
