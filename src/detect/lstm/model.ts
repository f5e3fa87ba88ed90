import type { Matrix } from './matrix.ts';
import { createNetwork, type Network, reconstruct, WINDOW } from './network.ts';
import type { NetworkSize } from './parameters.ts';
import type { Scaling } from './scaling.ts';
import { squaredDistance } from './whitening.ts';

/** How the network is made and trained. */
export interface LstmSettings {
  /** Units of encoder and decoder each. */
  hidden: number;
  /** Numbers that a window is pressed into. */
  latent: number;
  /** How often all windows are gone through. */
  epochs: number;
  /** Windows between two changes of the weights. */
  batch: number;
  /** Of learning, at the beginning; it falls to 0 along half a cosine. */
  rate: number;
  /** Longer gradients are shortened to it. */
  longestGradient: number;
}

/** 20 epochs over 1,000 windows of four metrics take 1.4 s of one core. */
export const LSTM_SETTINGS: LstmSettings = {
  hidden: 16,
  latent: 8,
  epochs: 20,
  batch: 32,
  rate: 0.01,
  longestGradient: 1,
};

/** The newest observations of a window, whose reconstruction is judged: half of it, so that what is over is soon forgotten. */
export const JUDGED = WINDOW / 2;

/** What training leaves: all that scoring needs, and where it came from. */
export interface TrainedLstm {
  /** ISO 8601. */
  trainedAt: string;
  /** Windows that it was made from, with those held out. */
  windows: number;
  /** Names, in the order of the values. */
  metrics: readonly string[];
  settings: LstmSettings;
  seed: number;
  /** Mean squared error of the last epoch, in scaled values. */
  loss: number;
  /** The error from which on a window is unusual. */
  threshold: number;
  /** Per metric. */
  scaling: readonly Scaling[];
  /** As `whiteningOf` makes it. */
  whitening: Float64Array;
  /** As `parametersOver` reads them; each a number that a float of 32 bits can hold, so that exported weights are the same. */
  weights: Float64Array;
}

export function sizeOf({ metrics, settings }: TrainedLstm): NetworkSize {
  return { metrics: metrics.length, hidden: settings.hidden, latent: settings.latent };
}

/** A network for one window at a time. */
export function networkOf(trained: TrainedLstm): Network {
  return createNetwork(sizeOf(trained), 1, trained.weights);
}

/** What came out minus what went in, for the judged observations of the network's only window, oldest first. */
export function residualsOf({ input, output, size }: Network, residuals: Float64Array): void {
  for (let index = 0; index < JUDGED; index += 1) {
    const found = (output[WINDOW - JUDGED + index] as Matrix).data;
    const expected = (input[WINDOW - JUDGED + index] as Matrix).data;
    for (let metric = 0; metric < size.metrics; metric += 1) {
      residuals[index * size.metrics + metric] = (found[metric] as number) - (expected[metric] as number);
    }
  }
}

/**
 * An observation's squared distance counts at most so much, as if each metric were three deviations off: one wild run in the history must not
 * make the threshold blind for many that are a little off together, and single wild runs are seen by others.
 */
export const FARTHEST = 9;

/** The error of a window: the mean squared distance of its residuals, about 1 for a usual one and at most 9. */
export function errorOf(residuals: Float64Array, whitening: Float64Array, metrics: number): number {
  let sum = 0;
  for (let at = 0; at < residuals.length; at += metrics) {
    sum += Math.min(squaredDistance(residuals, at, whitening, metrics), FARTHEST);
  }
  return (sum * metrics) / residuals.length;
}

/** Says the error of the window that was put into the network's input. */
export function windowError(network: Network, whitening: Float64Array, residuals: Float64Array): number {
  reconstruct(network);
  residualsOf(network, residuals);
  return errorOf(residuals, whitening, network.size.metrics);
}
