import { backwardStep, beginBackward, forwardStep } from './cell.ts';
import { createLayer, type Layer } from './layer.ts';
import { addProduct, type Matrix, rowsOf, transposed, zeros } from './matrix.ts';
import { type NetworkSize, type Parameters, parametersOver } from './parameters.ts';

/** How many observations a window has. */
export const WINDOW = 16;

/**
 * The autoencoder: an LSTM reads the window, its last h is pressed into the latent numbers, and a second LSTM that is shown only these,
 * at every step, writes the window out again, the newest observation first (what was read last is remembered best). What moved as it
 * always does fits through the narrow place; what did not comes out changed.
 *
 * - Purpose: windows whose metrics do not go together as usual, where each value by itself looks harmless.
 * - Cost: for each window about 2 · 16 · 4 hidden · (hidden + metrics) multiplications forward and twice that back.
 * - Source: Malhotra et al., "LSTM-based Encoder-Decoder for Multi-sensor Anomaly Detection" (2016), with the latent numbers repeated as
 *   the decoder's input in place of its own outputs: Srivastava et al., "Unsupervised Learning of Video Representations using LSTMs" (2015).
 */
export interface Network {
  size: NetworkSize;
  /** Windows that go through at once. */
  batch: number;
  parameters: Parameters;
  gradients: Parameters;
  encoder: Layer;
  decoder: Layer;
  latent: Matrix;
  /** Step by step, [batch][metrics]: to be filled in before `reconstruct`. */
  input: Matrix[];
  /** Step by step, [batch][metrics]: what came out. */
  output: Matrix[];
  /** The loss's gradient towards `output`. */
  outputGradient: Matrix[];
  back: Back;
}

/** Memory and views that only the way back needs. */
interface Back {
  latentGradient: Matrix;
  /** Transposed: the weights without their bias, the states with their 1. */
  output: Matrix;
  toLatent: Matrix;
  lastState: Matrix;
  decoderStates: Matrix[];
}

export function createNetwork(size: NetworkSize, batch: number, weights: Float64Array): Network {
  const { metrics, hidden, latent } = size;
  const parameters = parametersOver(weights, size);
  const gradients = parametersOver(new Float64Array(weights.length), size);
  const layerSize = { hidden, steps: WINDOW, batch };
  const encoder = createLayer(parameters.encoder, gradients.encoder, { ...layerSize, inputs: metrics });
  const decoder = createLayer(parameters.decoder, gradients.decoder, { ...layerSize, inputs: latent });
  return {
    size,
    batch,
    parameters,
    gradients,
    encoder,
    decoder,
    latent: zeros(batch, latent),
    input: encoder.x,
    output: Array.from({ length: WINDOW }, () => zeros(batch, metrics)),
    outputGradient: Array.from({ length: WINDOW }, () => zeros(batch, metrics)),
    back: {
      latentGradient: zeros(batch, latent),
      output: transposed(rowsOf(parameters.output, 0, hidden)),
      toLatent: transposed(rowsOf(parameters.toLatent, 0, hidden)),
      lastState: transposed(encoder.states[WINDOW - 1] as Matrix),
      decoderStates: decoder.states.map(transposed),
    },
  };
}

/** From `input` to `output`. */
export function reconstruct({ encoder, decoder, parameters, latent, output }: Network): void {
  for (let step = 0; step < WINDOW; step += 1) forwardStep(encoder, step);
  setProduct(latent, encoder.states[WINDOW - 1] as Matrix, parameters.toLatent);
  for (let step = 0; step < WINDOW; step += 1) {
    copyRows(latent, decoder.x[step] as Matrix);
    forwardStep(decoder, step);
    setProduct(output[writtenAt(step)] as Matrix, decoder.states[step] as Matrix, parameters.output);
  }
}

/** From `outputGradient` to `gradients`, which it replaces; after `reconstruct`. */
export function backpropagate({ encoder, decoder, gradients, outputGradient, back }: Network): void {
  gradients.all.fill(0);
  back.latentGradient.data.fill(0);
  beginBackward(decoder);
  for (let step = WINDOW - 1; step >= 0; step -= 1) {
    const towards = outputGradient[writtenAt(step)] as Matrix;
    addProduct(gradients.output, back.decoderStates[step] as Matrix, towards);
    addProduct(decoder.hGradient, towards, back.output);
    backwardStep(decoder, step, back.latentGradient);
  }
  addProduct(gradients.toLatent, back.lastState, back.latentGradient);
  beginBackward(encoder);
  addProduct(encoder.hGradient, back.latentGradient, back.toLatent);
  for (let step = WINDOW - 1; step >= 0; step -= 1) backwardStep(encoder, step, null);
}

/** The observation that the decoder writes at a step: the newest one first. */
function writtenAt(step: number): number {
  return WINDOW - 1 - step;
}

function setProduct(product: Matrix, left: Matrix, right: Matrix): void {
  product.data.fill(0);
  addProduct(product, left, right);
}

function copyRows(from: Matrix, to: Matrix): void {
  for (let row = 0; row < from.rows; row += 1) {
    for (let column = 0; column < from.columns; column += 1) {
      to.data[row * to.rowStep + column] = from.data[row * from.rowStep + column] as number;
    }
  }
}
