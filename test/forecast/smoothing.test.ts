import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holt } from '../../src/forecast/holt.ts';
import { holtWinters } from '../../src/forecast/holt-winters.ts';
import { ahead, type SmoothingState, smooth } from '../../src/forecast/smoothing.ts';
import { assertClose } from './close-to.ts';
import { AIR_PASSENGERS, NILE } from './series.ts';

const NO_SEASON = { period: null, seed: 1 };

// R 4.2.2: HoltWinters(AirPassengers, alpha=.3, beta=.1, gamma=.2, l.start=120, b.start=1,
//   s.start=c(-10,-5,0,5,10,15,20,15,5,-10,-25,-20)), which begins with the first value of the second year
test("with R's parameters and start the state behind AirPassengers is that of R", () => {
  const state: SmoothingState = {
    level: 120,
    trend: 1,
    season: Float64Array.of(-10, -5, 0, 5, 10, 15, 20, 15, 5, -10, -25, -20),
  };
  const errors = new Float64Array(AIR_PASSENGERS.length);
  smooth(AIR_PASSENGERS, { alpha: 0.3, beta: 0.1, gamma: 0.2, damping: 1 }, state, 12, errors);
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  assertClose([squares], [96940.6245629], 1e-5);
  assertClose([state.level, state.trend], [495.74162357038, 3.25765287], 1e-6);
  assertClose(
    state.season ?? [],
    [
      -24.44013458573, -32.56305170756, 6.00969553905, 6.85853428687, 13.2111757433, 51.90485694219,
      85.79459659377, 67.79536683854, -2.26690055758, -42.49857674307, -77.30994871361, -41.95990024284,
    ],
    1e-6,
  );
});

// R 4.2.2: HoltWinters(Nile, gamma=FALSE, beta=FALSE) gives alpha 0.2466 and a level of 805.04 behind the last value
test('without a trend the level behind the Nile is that of R', () => {
  const [next = 0, later] = holt.fit(NILE, NO_SEASON)?.forecast(NILE, 2) ?? [];
  assert.ok(Math.abs(next - 805.039) < 5, String(next));
  assert.equal(later, next);
});

test('the state goes on with values behind those that were learned from', () => {
  const fitted = holt.fit(NILE.slice(0, 60), NO_SEASON);
  const state: SmoothingState = { level: 3, trend: 0, season: null };
  smooth(Float64Array.of(5), { alpha: 0.5, beta: 0, gamma: 0, damping: 0 }, state, 0, null);
  assert.equal(state.level, 4);
  assert.notDeepEqual(fitted?.forecast(NILE, 1), fitted?.forecast(NILE.slice(0, 60), 1));
});

test('a damped trend comes to an end', () => {
  assertClose(ahead({ level: 10, trend: 2, season: null }, 0.5, 7, 4), [11, 11.5, 11.75, 11.875], 1e-12);
});

// the last year of AirPassengers: the mean of its values is 476; "same as a year ago" is off by 47.8 in the mean
test('Holt-Winters tells the last year of AirPassengers better than the year before does', () => {
  const known = AIR_PASSENGERS.slice(0, 132);
  const told = holtWinters.fit(known, { period: 12, seed: 1 })?.forecast(known, 12) ?? [];
  const off = Array.from(told, (value, index) => Math.abs(value - (AIR_PASSENGERS[132 + index] as number)));
  const mean = off.reduce((sum, error) => sum + error, 0) / 12;
  assert.ok(told.length === 12 && mean < 30, String(mean));
});

test('a pattern without noise goes on as it was', () => {
  const pattern = Float64Array.from({ length: 60 }, (_, at) => 5 + ([3, -1, -2, 0][at % 4] ?? 0));
  assertClose(
    holtWinters.fit(pattern, { period: 4, seed: 1 })?.forecast(pattern, 5) ?? [],
    [8, 4, 3, 5, 8],
    1e-3,
  );
});

test('without two whole seasons and a bit Holt-Winters says nothing', () => {
  assert.equal(holtWinters.fit(NILE.slice(0, 20), { period: 12, seed: 1 }), null);
  assert.equal(holtWinters.fit(NILE, NO_SEASON), null);
  assert.equal(holt.fit(NILE.slice(0, 5), NO_SEASON), null);
});
