import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORECAST_SETTINGS, type Forecast } from '../../src/forecast/answer.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { fc } from '../helpers/properties.ts';
import { AIR_PASSENGERS } from './series.ts';

const SETTINGS = { ...FORECAST_SETTINGS, steps: 6 };

function noise(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => gaussian(random));
}

function assertSound({ steps, models }: Forecast, count: number): void {
  assert.equal(steps.length, count);
  for (const { value, low, high } of steps) {
    assert.ok(Number.isFinite(value), String(value));
    assert.equal(low === null, high === null);
    if (low === null || high === null) continue;
    assert.ok(
      Number.isFinite(low) && Number.isFinite(high) && low <= value && value <= high,
      `${low} ${value} ${high}`,
    );
  }
  for (const { name, mae, mase, smapePercent, values } of models) {
    assert.ok(mae >= 0 && Number.isFinite(mae), `${name}: ${mae}`);
    assert.ok(mase === null || (mase >= 0 && Number.isFinite(mase)), `${name}: ${mase}`);
    assert.ok(smapePercent >= 0 && smapePercent <= 200 + 1e-9, `${name}: ${smapePercent}`);
    assert.ok(values.length === count && values.every(Number.isFinite), name);
  }
}

test('AirPassengers: the season is found, the year to come is told, and it is said how well', () => {
  const answer = forecast(Array.from(AIR_PASSENGERS.slice(0, 132)), { ...SETTINGS, steps: 12 });
  assert.deepEqual([answer.period, answer.beatsNaive, answer.model], [12, true, 'ensemble']);
  const off = answer.steps.map(({ value }, step) => Math.abs(value - (AIR_PASSENGERS[132 + step] ?? 0)));
  const mean = off.reduce((sum, error) => sum + error, 0) / 12;
  assert.ok(mean < 35, `${mean}; "same as a year ago" is off by 47.8`);
  assert.match(answer.words.join(' '), /^The ensemble was \d+ % nearer than "same as one season ago"/);
});

test('a random walk: nothing beats "same as last time", it is said and given', () => {
  let level = 100;
  const walk = noise(300, 11).map(step => (level += step));
  const answer = forecast(walk, SETTINGS);
  assert.deepEqual([answer.model, answer.beatsNaive], ['naive', false]);
  assert.ok(answer.steps.every(({ value }) => value === answer.steps[0]?.value));
  assert.match(answer.words.join(' '), /No model .*beats "same as last time"/);
  assert.deepEqual(new Set(answer.models.map(({ name }) => name)).size, answer.models.length);
});

test('noise: the ensemble beats "same as last time", its share of each model is told', () => {
  const answer = forecast(noise(200, 3), SETTINGS);
  assert.deepEqual([answer.model, answer.beatsNaive], ['ensemble', true]);
  const weights = answer.models.map(({ weight }) => weight).filter(weight => weight !== null);
  assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
  assert.ok((answer.models[0]?.mase ?? 9) < 0.85, String(answer.models[0]?.mase)); // 1 / sqrt(2) where the mean is known
});

test('a narrower level gives narrower intervals', () => {
  const values = noise(150, 4);
  const [wide, narrow] = [0.95, 0.5].map(level => forecast(values, { ...SETTINGS, level }).steps[0]);
  assert.ok((narrow?.high ?? 0) - (narrow?.low ?? 0) < 0.6 * ((wide?.high ?? 0) - (wide?.low ?? 0)));
});

test('what cannot be negative is not forecast below 0', () => {
  const falling = noise(80, 5).map((value, at) => Math.max(0, 8 - at / 10 + 0.2 * value));
  const answer = forecast(falling, { ...SETTINGS, steps: 30, nonNegative: true });
  for (const { value, low } of answer.steps) assert.ok(value >= 0 && (low ?? 0) >= 0, `${low} ${value}`);
  assert.ok(answer.models.every(({ values }) => values.every(value => value >= 0)));
  assert.ok((forecast(falling, { ...SETTINGS, steps: 30 }).steps[29]?.low ?? 0) < 0);
});

test('a level that shifted shortly before the end is where the forecast goes on', () => {
  const shifted = noise(200, 6).map((value, at) => (at < 188 ? 10 : 20) + 0.3 * value);
  for (const { value } of forecast(shifted, SETTINGS).steps)
    assert.ok(Math.abs(value - 20) < 2, String(value));
});

test('outliers do not carry the forecast away', () => {
  const spiky = noise(200, 8).map((value, at) => (at % 23 === 0 ? 1e6 : 10 + value));
  const { value = 0 } = forecast(spiky, SETTINGS).steps[2] ?? {};
  assert.ok(Math.abs(value - 10) < 5, String(value));
});

test('huge, tiny and far-off values keep their size', () => {
  const base = noise(60, 9);
  const plain = forecast(base, SETTINGS).steps[0];
  for (const factor of [1e-300, 1e300]) {
    const { value = 0, high = 0 } =
      forecast(
        base.map(each => each * factor),
        SETTINGS,
      ).steps[0] ?? {};
    assert.ok(Math.abs(value / factor - (plain?.value ?? 0)) < 1e-6, String(value));
    assert.ok(Math.abs((high ?? 0) / factor - (plain?.high ?? 0)) < 1e-6, String(high));
  }
  const far = forecast(
    base.map(each => 1e9 + each),
    SETTINGS,
  ).steps[0];
  assert.ok(Math.abs((far?.value ?? 0) - 1e9 - (plain?.value ?? 0)) < 1e-3, String(far?.value));
});

test('few values: it is said in words that they are too few, and there is no interval', () => {
  for (let length = 1; length <= 6; length += 1) {
    const answer = forecast(noise(length, 1), SETTINGS);
    assertSound(answer, 6);
    assert.match(answer.words.join(' '), /^Too few values/, `${length} values`);
    assert.deepEqual([answer.model, answer.beatsNaive === true], ['naive', false], `${length} values`);
    assert.equal(answer.steps[0]?.low, null);
  }
  const none = forecast([], SETTINGS);
  assert.deepEqual([none.steps, none.words], [[], ['There is no value yet, so nothing can be forecast.']]);
});

test('values that are all alike go on so', () => {
  for (const constant of [0, 7, -3, 1e-310]) {
    const answer = forecast(new Array(20).fill(constant), SETTINGS);
    assert.deepEqual(answer.steps[5], { value: constant, low: constant, high: constant });
    assertSound(answer, 6);
  }
});

test('a model that is asked for is given, and it is said where it does not pay or has nothing to say', () => {
  const values = noise(120, 2);
  const linear = forecast(values, { ...SETTINGS, model: 'linear' });
  assert.equal(linear.model, 'linear');
  assert.deepEqual(
    linear.steps.map(({ value }) => value),
    linear.models.find(({ name }) => name === 'linear')?.values,
  );
  const polynomial = forecast(
    noise(300, 11).map((_, at, all) => all.slice(0, at).reduce((a, b) => a + b, 0)),
    {
      ...SETTINGS,
      model: 'polynomial',
    },
  );
  assert.match(polynomial.words.join(' '), /^The model polynomial does not clearly beat "same as last time"/);
  const without = forecast(values, { ...SETTINGS, model: 'holt-winters' });
  assert.match(without.words.join(' '), /holt-winters has nothing to say of this series/);
});

test('a given period is used, as far as the values reach', () => {
  assert.equal(forecast(noise(100, 1), { ...SETTINGS, period: 10 }).period, 10);
  assert.equal(forecast(noise(100, 1), { ...SETTINGS, period: 60 }).period, null);
  assert.equal(forecast(Array.from(AIR_PASSENGERS), { ...SETTINGS, period: 1 }).period, null);
});

test('any values give a sound answer', () => {
  const value = fc.oneof(
    fc.constantFrom(0, -0, 1, 5e-324, 1e308, -1e308, Number.MAX_VALUE, Number.NaN),
    fc.double(),
    fc.integer({ min: 0, max: 3 }),
  );
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 45 }),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      (values, steps, nonNegative) => {
        const answer = forecast(values, { ...SETTINGS, steps, nonNegative });
        const known = values.filter(Number.isFinite);
        assertSound(answer, known.length === 0 ? 0 : steps);
        if (nonNegative) for (const { low } of answer.steps) assert.ok((low ?? 0) >= 0);
      },
    ),
    { numRuns: 60 },
  );
});
