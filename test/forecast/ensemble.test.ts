import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joined, type Voice } from '../../src/forecast/ensemble.ts';
import { planOf } from '../../src/forecast/rolling-origin.ts';
import { assertClose } from './close-to.ts';

const VALUES = Float64Array.from({ length: 40 }, (_, at) => at % 2);
const PLAN = planOf(VALUES.length, 2, null);

/** Says always the value that is to come, and so much more; later than origin number `from` so much more in place of that. */
function off(by: number, from = Number.POSITIVE_INFINITY, later = by): Voice {
  const trial = PLAN.origins.map((origin, index) =>
    Float64Array.from({ length: 2 }, (_, step) => ((origin + step) % 2) + (index < from ? by : later)),
  );
  return { trial, forecast: Float64Array.of(by, 1 + by) };
}

test('a voice that is off twice as far has 1/64 of the weight', () => {
  const { weights } = joined([off(1), off(2)], VALUES, PLAN);
  assertClose(weights, [64 / 65, 1 / 65], 1e-12);
});

test('voices that are equally far off count the same, and those at the ends are not heard', () => {
  assertClose(joined([off(1), off(-1)], VALUES, PLAN).forecast, [0, 1], 1e-12);
  const { forecast, weights } = joined([off(1), off(1), off(1), off(1), off(-1)], VALUES, PLAN);
  assertClose(weights, [0.2, 0.2, 0.2, 0.2, 0.2], 1e-12);
  assertClose(forecast, [1, 2], 1e-12);
});

test('a voice that is never off is followed', () => {
  assertClose(joined([off(3), off(0), off(-5)], VALUES, PLAN).forecast, [0, 1], 1e-12);
});

test('at each origin it knows only what was known there: a voice that will go astray is still heard', () => {
  const steady = [off(1), off(0.5)];
  const before = joined(steady, VALUES, PLAN).trial.slice(0, 10);
  const astray = [off(1), off(0.5, 10, 50)];
  assert.deepEqual(joined(astray, VALUES, PLAN).trial.slice(0, 10), before);
  assert.ok((joined(astray, VALUES, PLAN).weights[1] ?? 1) < 0.01);
});
