import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addGradients, answer, createNetwork, train } from '../../src/forecast/network.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const INPUTS = 3;
const HIDDEN = 4;

function example(count: number): { rows: Float64Array; targets: Float64Array } {
  const random = seededRandom(2);
  const rows = Float64Array.from({ length: count * INPUTS }, () => gaussian(random));
  const targets = Float64Array.from(
    { length: count },
    (_, row) => Math.tanh(2 * (rows[row * INPUTS] ?? 0)) - 0.5 * (rows[row * INPUTS + 1] ?? 0),
  );
  return { rows, targets };
}

test('each gradient is the slope of the loss, by differences', () => {
  const network = createNetwork(INPUTS, HIDDEN, seededRandom(1));
  const training = example(1);
  training.targets[0] = 0.3; // within the square part of the loss
  const gradients = new Float64Array(network.weights.length);
  const activity = new Float64Array(HIDDEN);
  addGradients(network, training, 0, gradients, activity);
  const lossWith = (at: number, step: number): number => {
    const weights = Float64Array.from(network.weights);
    weights[at] = (weights[at] as number) + step;
    return addGradients({ ...network, weights }, training, 0, new Float64Array(weights.length), activity);
  };
  for (const [at, gradient] of gradients.entries()) {
    const slope = (lossWith(at, 1e-5) - lossWith(at, -1e-5)) / 2e-5;
    assert.ok(Math.abs(slope - gradient) < 1e-8, `weight ${at}: ${gradient}, not ${slope}`);
  }
  assert.ok(gradients.some(gradient => Math.abs(gradient) > 0.01));
});

test('an outlier pulls no harder than an error of 1', () => {
  const network = createNetwork(INPUTS, HIDDEN, seededRandom(1));
  const pulled = (target: number): Float64Array => {
    const gradients = new Float64Array(network.weights.length);
    const training = { ...example(1), targets: Float64Array.of(target) };
    addGradients(network, training, 0, gradients, new Float64Array(HIDDEN));
    return gradients;
  };
  assert.deepEqual(pulled(1e6), pulled(1e3));
});

test('it learns a curve', () => {
  const training = example(300);
  const network = createNetwork(INPUTS, 8, seededRandom(1));
  train(network, training, 600, seededRandom(3));
  const activity = new Float64Array(8);
  const off = training.targets.map((target, row) =>
    Math.abs(target - answer(network, training.rows, row * INPUTS, activity)),
  );
  const mean = off.reduce((sum, error) => sum + error, 0) / off.length;
  assert.ok(mean < 0.1, String(mean));
});
