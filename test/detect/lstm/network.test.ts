import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanSquaredError } from '../../../src/detect/lstm/loss.ts';
import type { Matrix } from '../../../src/detect/lstm/matrix.ts';
import {
  backpropagate,
  createNetwork,
  type Network,
  reconstruct,
  WINDOW,
} from '../../../src/detect/lstm/network.ts';
import { firstWeights } from '../../../src/detect/lstm/parameters.ts';
import { seededRandom } from '../../../src/stats/random.ts';

function randomNetwork(metrics: number, hidden: number, latent: number, batch: number): Network {
  const random = seededRandom(11);
  const size = { metrics, hidden, latent };
  // Far from 0, so that no gate is nearly linear and no gradient nearly 0.
  const weights = firstWeights(size, random).map(weight => 1.5 * weight + 0.2 * (random() - 0.5));
  const network = createNetwork(size, batch, weights);
  for (const { data, rows, rowStep } of network.input) {
    for (let row = 0; row < rows; row += 1) {
      for (let metric = 0; metric < metrics; metric += 1) data[row * rowStep + metric] = 2 * random() - 1;
    }
  }
  return network;
}

const number = (value: number | undefined): number => value ?? Number.NaN;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const column = ({ data, columns }: Matrix, index: number): number[] =>
  [...data].filter((_, at) => at % columns === index);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * number(b[index]), 0);
const times = (row: readonly number[], weights: Matrix): number[] =>
  Array.from({ length: weights.columns }, (_, index) => dot([...row, 1], column(weights, index)));

/** The equations of the LSTM, one number after the other. */
function plainLayer(inputs: readonly number[][], weights: Matrix): number[][] {
  const hidden = weights.columns / 4;
  let h: number[] = Array(hidden).fill(0);
  let c = h;
  return inputs.map(x => {
    const z = times([...x, ...h], weights);
    const gate = (index: number) => z.slice(index * hidden, (index + 1) * hidden);
    const [i, o, f] = [gate(0).map(sigmoid), gate(1).map(sigmoid), gate(2).map(sigmoid)];
    const g = gate(3).map(Math.tanh);
    c = c.map((before, unit) => number(f?.[unit]) * before + number(i?.[unit]) * number(g[unit]));
    h = c.map((after, unit) => number(o?.[unit]) * Math.tanh(after));
    return h;
  });
}

function plainReconstruction({ parameters, input }: Network, row: number): number[][] {
  const window = input.map(({ data, rowStep, columns }) => [
    ...data.subarray(row * rowStep, row * rowStep + columns),
  ]);
  const latent = times(plainLayer(window, parameters.encoder).at(-1) ?? [], parameters.toLatent);
  const states = plainLayer(Array(WINDOW).fill(latent), parameters.decoder);
  return states.map(state => times(state, parameters.output)).reverse();
}

test('a window is rebuilt as the equations say', () => {
  const network = randomNetwork(3, 5, 2, 4);
  reconstruct(network);
  for (let row = 0; row < 4; row += 1) {
    plainReconstruction(network, row).forEach((expected, step) => {
      const found = network.output[step]?.data.subarray(row * 3, row * 3 + 3) ?? [];
      expected.forEach((value, metric) => {
        assert.ok(Math.abs(number(found[metric]) - value) < 1e-12, `window ${row}, step ${step}`);
      });
    });
  }
});

test('a window is rebuilt alike alone and in a batch, and the second time', () => {
  const many = randomNetwork(2, 4, 3, 5);
  reconstruct(many);
  const first = many.output.map(({ data }) => data.slice());
  reconstruct(many);
  assert.deepEqual(
    many.output.map(({ data }) => data),
    first,
  );
  const one = createNetwork(many.size, 1, many.parameters.all);
  for (const [step, { data }] of one.input.entries()) data.set(many.input[step]?.data.subarray(0, 2) ?? []);
  reconstruct(one);
  for (const [step, { data }] of one.output.entries()) assert.deepEqual(data, first[step]?.subarray(0, 2));
});

function lossOf(network: Network): number {
  reconstruct(network);
  return meanSquaredError(network);
}

/** The loss's slope along one weight, by four nearby losses: exact but for h⁴. */
function slopeAt(network: Network, weight: number, h: number): number {
  const { all } = network.parameters;
  const here = number(all[weight]);
  const [a, b, c, d] = [-2, -1, 1, 2].map(steps => {
    all[weight] = here + steps * h;
    return lossOf(network);
  });
  all[weight] = here;
  return (number(a) - 8 * number(b) + 8 * number(c) - number(d)) / (12 * h);
}

for (const [metrics, hidden, latent, batch] of [
  [1, 3, 1, 1],
  [2, 4, 3, 2],
  [3, 5, 2, 3],
  [8, 4, 4, 2],
] as const) {
  test(`every gradient is the slope of the loss, with ${metrics} metrics, ${hidden} units, ${batch} windows`, () => {
    const network = randomNetwork(metrics, hidden, latent, batch);
    lossOf(network);
    backpropagate(network);
    const gradients = network.gradients.all.slice();
    let worst = 0;
    gradients.forEach((gradient, weight) => {
      const slope = slopeAt(network, weight, 2e-3);
      worst = Math.max(
        worst,
        Math.abs(gradient - slope) / Math.max(Math.abs(gradient), Math.abs(slope), 1e-6),
      );
    });
    assert.ok(worst < 1e-5, `relative error ${worst}`);
  });
}
