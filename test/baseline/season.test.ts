import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seasonIn, withoutSeason } from '../../src/baseline/season.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { standardDeviation } from '../../src/stats/spread.ts';

const HOUR_MS = 3_600_000;
const random = seededRandom(2);
const daily = Array.from(
  { length: 168 },
  (_, hour) => 10 + 3 * Math.sin((hour / 24) * 2 * Math.PI) + 0.3 * gaussian(random),
);
const hours = daily.map((_, hour) => hour * HOUR_MS);

test('a rhythm of the day is found by the hour, and can be taken out', () => {
  const season = seasonIn(daily, hours, null);
  assert.equal(season?.by, 'hour');
  assert.ok((season?.effects[6] ?? 0) > 2 && (season?.effects[18] ?? 0) < -2);
  assert.ok((standardDeviation(withoutSeason(daily, hours, season)) ?? 9) < 0.5);
});

test('where no times are known it is found in runs, and goes on behind the values it was made of', () => {
  const season = seasonIn(daily, null, null);
  assert.deepEqual([season?.by, season?.effects.length], ['run', 24]);
  const later = withoutSeason([10, 13], null, season, 168 + 5);
  assert.ok(Math.abs(later[1] ?? 0) < 11.5 && (later[0] ?? 0) < 8);
});

test('a period that is told is taken as it is, where two of it are there', () => {
  assert.deepEqual(seasonIn([1, 2, 1, 2, 1, 2], null, 2), { by: 'run', effects: [-0.5, 0.5] });
  assert.equal(seasonIn([1, 2, 1], null, 2), null);
});

test('one day, noise, equal values and nothing have no season', () => {
  assert.equal(seasonIn(daily.slice(0, 24), hours.slice(0, 24), null), null);
  const noise = daily.map(() => gaussian(random));
  assert.equal(seasonIn(noise, hours, null), null);
  assert.equal(
    seasonIn(
      daily.map(() => 1),
      hours,
      null,
    ),
    null,
  );
  assert.equal(seasonIn([], [], null), null);
  assert.deepEqual(withoutSeason([1, 2], null, null), [1, 2]);
});

test('times before 1970 have their hour too', () => {
  const early = hours.map(time => time - 100 * 24 * HOUR_MS);
  assert.deepEqual(seasonIn(daily, early, null), seasonIn(daily, hours, null));
});
