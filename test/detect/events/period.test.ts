import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerOf, strongestPeriod } from '../../../src/detect/events/period.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

function sinusoid(seed: number, count: number, period: number, amplitude: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from(
    { length: count },
    (_, index) => amplitude * Math.sin((2 * Math.PI * index) / period + 1) + gaussian(random),
  );
}

/** One frequency of the discrete Fourier transform, as it is written. */
function plainPower(values: Float64Array, frequency: number): number {
  let real = 0;
  let imaginary = 0;
  values.forEach((value, index) => {
    real += value * Math.cos(2 * Math.PI * frequency * index);
    imaginary -= value * Math.sin(2 * Math.PI * frequency * index);
  });
  return real * real + imaginary * imaginary;
}

test('the power of a period is that of the Fourier transform, with what its second harmonic has beyond noise', () => {
  for (const period of [4, 7, 8, 24, 50]) {
    const values = sinusoid(period, 200, period, 1).map(
      (value, index) => value + Math.sin((4 * Math.PI * index) / period),
    );
    const total = values.reduce((sum, value) => sum + value * value, 0);
    const first = plainPower(values, 1 / period) / total;
    const second = plainPower(values, 2 / period) / total;
    const expected = period < 8 ? first : first + Math.max(0, second - 2);
    assert.ok(Math.abs(powerOf(values, period, total) - expected) < 1e-6 * expected, `${period}`);
  }
});

test('in white noise the power is 1 on average', () => {
  const powers = Array.from({ length: 400 }, (_, seed) => {
    const values = sinusoid(seed + 1, 100, 1, 0);
    return powerOf(
      values,
      5,
      values.reduce((sum, value) => sum + value * value, 0),
    );
  });
  const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
  assert.ok(mean > 0.85 && mean < 1.15, `${mean}`);
});

test('it finds the period of a noisy sinusoid', () => {
  for (const period of [5, 7, 24, 30]) {
    const found = strongestPeriod(sinusoid(3, 240, period, 1));
    assert.equal(found.period, period);
    assert.ok(found.power > 20);
  }
});

test('in white noise no period is strong', () => {
  const strong = Array.from(
    { length: 100 },
    (_, seed) => strongestPeriod(sinusoid(seed + 1, 240, 1, 0)).power,
  );
  assert.ok(strong.filter(power => power >= 12).length <= 2);
});

test('nothing but zeros, and too few values, have no period', () => {
  assert.deepEqual(strongestPeriod(new Float64Array(100)), { period: 0, power: 0 });
  assert.deepEqual(strongestPeriod(Float64Array.of(1, -1, 1)), { period: 0, power: 0 });
});
