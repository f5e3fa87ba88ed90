import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipByLength, createAdam } from '../../../src/detect/lstm/adam.ts';

test('the first step is as long as the rate, against the gradient, however large that is', () => {
  const weights = Float64Array.of(1, 1, 1);
  createAdam(weights, Float64Array.of(1e-3, -5, 0)).step(0.1);
  assert.ok(Math.abs((weights[0] ?? 0) - 0.9) < 1e-5);
  assert.ok(Math.abs((weights[1] ?? 0) - 1.1) < 1e-8);
  assert.equal(weights[2], 1);
});

test('further steps are those of the published algorithm', () => {
  const weights = Float64Array.of(2);
  const gradients = new Float64Array(1);
  const adam = createAdam(weights, gradients);
  let [expected, m, v] = [2, 0, 0];
  [0.5, -0.2, 3, 0.01, 0].forEach((gradient, index) => {
    gradients[0] = gradient;
    adam.step(0.01);
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient ** 2;
    expected -= (0.01 * (m / (1 - 0.9 ** (index + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (index + 1))) + 1e-8);
    assert.ok(Math.abs((weights[0] ?? 0) - expected) < 1e-12, `step ${index + 1}`);
  });
});

test('it finds the lowest point of a valley that is far steeper in one direction', () => {
  const weights = Float64Array.of(3, -2);
  const gradients = new Float64Array(2);
  const adam = createAdam(weights, gradients);
  for (let step = 0; step < 2_000; step += 1) {
    gradients.set([2 * (weights[0] ?? 0), 2_000 * ((weights[1] ?? 0) - 1)]);
    adam.step(0.01);
  }
  assert.ok(Math.abs(weights[0] ?? 1) < 1e-3 && Math.abs((weights[1] ?? 0) - 1) < 1e-3, String(weights));
});

test('gradients are shortened together, and only where they are too long', () => {
  const long = Float64Array.of(3, 4);
  clipByLength(long, 1);
  assert.ok(Math.abs((long[0] ?? 0) - 0.6) < 1e-15 && Math.abs((long[1] ?? 0) - 0.8) < 1e-15);
  const short = Float64Array.of(0.3, 0.4);
  clipByLength(short, 1);
  assert.deepEqual(short, Float64Array.of(0.3, 0.4));
});
