import { seededRandom } from '../../stats/random.ts';
import { clipByLength, createAdam } from './adam.ts';
import { calibrate, split } from './calibrate.ts';
import { meanSquaredError } from './loss.ts';
import type { LstmSettings, TrainedLstm } from './model.ts';
import { backpropagate, createNetwork, reconstruct, WINDOW } from './network.ts';
import { firstWeights, type NetworkSize } from './parameters.ts';
import { fillInput, type Row, scalingsOf, shuffle, type Windows, windowsOf } from './windows.ts';

/** Below and at this many runs nothing is trained: too few windows for so many weights. */
const LEAST_HISTORY = 200;

/** Older windows are left out, so that training has an end whatever the history. */
export const MOST_WINDOWS = 1_250;

/** So many runs make them. */
export const MOST_HISTORY = MOST_WINDOWS + WINDOW - 1;

export const MOST_METRICS = 8;

export interface TrainingRequest {
  /** Oldest first. */
  history: readonly Row[];
  /** Names of the values of a row. 1 to 8. */
  metrics: readonly string[];
  settings: LstmSettings;
  seed: number;
  /** Now, ISO 8601: goes into the model. */
  trainedAt: string;
}

export interface Epoch {
  /** From 1. */
  epoch: number;
  of: number;
  /** Mean squared error over the windows, in scaled values. */
  loss: number;
}

/**
 * Trains the autoencoder on a history. The newest fifth of the windows is held out; the threshold is the 0.99 quantile of the errors on these
 * (or on the others, where that is larger), and at least 3 times their median.
 *
 * - Cost: see `LSTM_SETTINGS`; memory grows with the batch, not with the history. The same request gives the same model.
 *
 * @returns null where the history is not longer than 200 runs, or there are no metrics or more than 8
 */
export function train(request: TrainingRequest, onEpoch?: (epoch: Epoch) => void): TrainedLstm | null {
  const { metrics, settings, seed, trainedAt } = request;
  if (request.history.length <= LEAST_HISTORY || metrics.length < 1 || metrics.length > MOST_METRICS)
    return null;
  const history = request.history.slice(-MOST_HISTORY);
  const scaling = scalingsOf(history, metrics.length);
  const windows = windowsOf(history, scaling);
  const size = { metrics: metrics.length, hidden: settings.hidden, latent: settings.latent };
  const { weights, loss } = fitWeights(windows, size, settings, seed, onEpoch);
  const { whitening, threshold } = calibrate(windows, size, weights);
  return {
    trainedAt,
    windows: windows.count,
    metrics: [...metrics],
    settings,
    seed,
    loss,
    threshold,
    scaling,
    whitening,
    weights,
  };
}

function fitWeights(
  windows: Windows,
  size: NetworkSize,
  settings: LstmSettings,
  seed: number,
  onEpoch?: (epoch: Epoch) => void,
): { weights: Float64Array; loss: number } {
  const random = seededRandom(seed);
  const weights = firstWeights(size, random);
  const order = Int32Array.from({ length: split(windows).trained }, (_, index) => index);
  const batch = Math.min(settings.batch, order.length);
  const goThrough = epochOf(windows, size, { ...settings, batch }, weights, order);
  let loss = 0;
  for (let epoch = 1; epoch <= settings.epochs; epoch += 1) {
    shuffle(order, random);
    loss = goThrough();
    onEpoch?.({ epoch, of: settings.epochs, loss });
  }
  for (let at = 0; at < weights.length; at += 1) weights[at] = Math.fround(weights[at] as number);
  return { weights, loss };
}

/** Goes once through the windows, batch by batch; the rest that fills no batch has its turn in another epoch. Returns the mean loss. */
function epochOf(
  windows: Windows,
  size: NetworkSize,
  settings: LstmSettings,
  weights: Float64Array,
  order: Int32Array,
): () => number {
  const { batch, epochs, rate, longestGradient } = settings;
  const network = createNetwork(size, batch, weights);
  const adam = createAdam(weights, network.gradients.all);
  const batches = Math.floor(order.length / batch);
  let steps = 0;
  return () => {
    let sum = 0;
    for (let index = 0; index < batches; index += 1) {
      fillInput(network, windows, order, index * batch);
      reconstruct(network);
      sum += meanSquaredError(network);
      backpropagate(network);
      clipByLength(network.gradients.all, longestGradient);
      adam.step((rate * (1 + Math.cos((Math.PI * steps) / (epochs * batches)))) / 2);
      steps += 1;
    }
    return sum / batches;
  };
}
