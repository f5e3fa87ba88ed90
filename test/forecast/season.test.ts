import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundPeriod } from '../../src/forecast/season.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { AIR_PASSENGERS, NILE } from './series.ts';

test('the year of AirPassengers is found in spite of its growth, the Nile has none', () => {
  assert.equal(foundPeriod(AIR_PASSENGERS, []), 12);
  assert.equal(foundPeriod(NILE, []), null);
});

test('a day that the calendar suggests is found where the autocorrelation is blurred', () => {
  const random = seededRandom(2);
  let level = 0;
  const values = Float64Array.from({ length: 24 * 20 }, (_, at) => {
    level += 0.3 * gaussian(random);
    return level + 2 * Math.sin((2 * Math.PI * at) / 24) + gaussian(random);
  });
  assert.equal(foundPeriod(values, [24, 168]), 24);
});

test('noise has no season, whatever the calendar suggests', () => {
  const random = seededRandom(3);
  const values = Float64Array.from({ length: 400 }, () => gaussian(random));
  assert.equal(foundPeriod(values, [24, 96]), null);
});

test('fewer than three seasons are none', () => {
  assert.equal(foundPeriod(AIR_PASSENGERS.slice(0, 35), [12]), null);
});
