import { createAdam } from '../detect/lstm/adam.ts';
import { gaussian } from '../stats/random.ts';

/**
 * A network with one hidden layer: each hidden unit squeezes a weighted sum of the inputs by the hyperbolic tangent; the answer is a weighted
 * sum of these.
 *
 * - Convention: weights one after the other: for each hidden unit its inputs' and its bias, then the output's and its bias.
 * - Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323 (1986), 533-536.
 */
export interface Network {
  inputs: number;
  hidden: number;
  weights: Float64Array;
}

export interface Training {
  /** One after the other, `inputs` numbers each. */
  rows: Float64Array;
  targets: Float64Array;
}

const BATCH = 32;
const RATE = { first: 0.02, last: 0.001 };
/** A weight loses so much of its size with each step of rate 1: keeps a network that has little to learn from small. */
const DECAY = 0.02;

export function createNetwork(inputs: number, hidden: number, random: () => number): Network {
  const weights = new Float64Array(hidden * (inputs + 2) + 1);
  const output = hidden * (inputs + 1);
  for (let at = 0; at < output; at += 1) weights[at] = gaussian(random) / Math.sqrt(inputs + 1);
  for (let at = output; at < output + hidden; at += 1)
    weights[at] = (0.3 * gaussian(random)) / Math.sqrt(hidden);
  return { inputs, hidden, weights };
}

/** The answer to the row that begins at `offset`; `activity` is filled with what each hidden unit says. Cost: O(weights). */
export function answer(network: Network, rows: Float64Array, offset: number, activity: Float64Array): number {
  const { inputs, hidden, weights } = network;
  const output = hidden * (inputs + 1);
  let sum = weights[output + hidden] as number;
  for (let unit = 0, at = 0; unit < hidden; unit += 1) {
    let inner = 0;
    for (let input = 0; input < inputs; input += 1, at += 1)
      inner += (weights[at] as number) * (rows[offset + input] as number);
    inner += weights[at] as number;
    at += 1;
    const said = Math.tanh(inner);
    activity[unit] = said;
    sum += (weights[output + unit] as number) * said;
  }
  return sum;
}

/**
 * Adds to `gradients` those of half the squared error of one row, held in so that an outlier pulls no harder than an error of 1 (Huber).
 *
 * @returns the loss of the row
 */
export function addGradients(
  network: Network,
  { rows, targets }: Training,
  row: number,
  gradients: Float64Array,
  activity: Float64Array,
): number {
  const { inputs, hidden, weights } = network;
  const offset = row * inputs;
  const error = answer(network, rows, offset, activity) - (targets[row] as number);
  const pull = Math.min(Math.max(error, -1), 1);
  const output = hidden * (inputs + 1);
  gradients[output + hidden] = (gradients[output + hidden] as number) + pull;
  for (let unit = 0, at = 0; unit < hidden; unit += 1) {
    const said = activity[unit] as number;
    gradients[output + unit] = (gradients[output + unit] as number) + pull * said;
    const inner = pull * (weights[output + unit] as number) * (1 - said * said);
    for (let input = 0; input < inputs; input += 1, at += 1)
      gradients[at] = (gradients[at] as number) + inner * (rows[offset + input] as number);
    gradients[at] = (gradients[at] as number) + inner;
    at += 1;
  }
  return Math.abs(error) <= 1 ? (error * error) / 2 : Math.abs(error) - 0.5;
}

/**
 * Trains in batches of 32 rows drawn at random, with Adam at a rate that falls.
 *
 * Cost: O(batches * 32 * weights).
 */
export function train(network: Network, training: Training, batches: number, random: () => number): void {
  const { weights, hidden } = network;
  const gradients = new Float64Array(weights.length);
  const activity = new Float64Array(hidden);
  const adam = createAdam(weights, gradients);
  for (let batch = 0; batch < batches; batch += 1) {
    gradients.fill(0);
    for (let row = 0; row < BATCH; row += 1) {
      const drawn = Math.floor(random() * training.targets.length);
      addGradients(network, training, drawn, gradients, activity);
    }
    for (let at = 0; at < gradients.length; at += 1) gradients[at] = (gradients[at] as number) / BATCH;
    const rate = RATE.first * (RATE.last / RATE.first) ** (batch / batches);
    adam.step(rate);
    const keep = 1 - DECAY * rate;
    for (let at = 0; at < weights.length; at += 1) weights[at] = (weights[at] as number) * keep;
  }
}
