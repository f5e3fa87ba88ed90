import { model } from '../onnx/model.ts';
import { node, type OnnxNode } from '../onnx/node.ts';
import { type Tensor, tensor } from '../onnx/tensor.ts';
import type { Part } from '../onnx/wire.ts';
import type { Matrix } from './matrix.ts';
import { FARTHEST, JUDGED, sizeOf, type TrainedLstm } from './model.ts';
import { WINDOW } from './network.ts';
import { type NetworkSize, parametersOver } from './parameters.ts';
import { WIDEST } from './scaling.ts';

/**
 * The whole model as ONNX, from raw values to the score.
 *
 * - Input `window` [windows, 16, metrics]: as measured, oldest first, NaN for what is missing.
 * - Outputs `reconstruction` [windows, 16, metrics] in the metrics' own units, `error` [windows] (about 1 for a usual window) and
 *   `score` [windows] (0.5: unusual from here on).
 * - Numbers are floats of 32 bits: a metric that lies a million of its usual spreads from 0 loses what it says.
 */
export function lstmOnnx(trained: TrainedLstm): Part {
  const dims = ['windows', WINDOW, trained.metrics.length];
  const floats = (name: string, shape: (string | number)[]) => ({
    name,
    type: 'float' as const,
    dims: shape,
  });
  return model({
    name: 'lstm-autoencoder',
    description: `Windows of ${WINDOW} runs, oldest first, of: ${trained.metrics.join(', ')}. From a score of 0.5 on a window is unusual.`,
    inputs: [floats('window', dims)],
    outputs: [floats('reconstruction', dims), floats('error', ['windows']), floats('score', ['windows'])],
    nodes: [...standardise(), ...encode(trained), ...decode(trained), ...judge()],
    tensors: [...constants(trained), ...weightTensors(trained)],
    metadata: {
      trainedAt: trained.trainedAt,
      windows: String(trained.windows),
      metrics: JSON.stringify(trained.metrics),
      settings: JSON.stringify(trained.settings),
      seed: String(trained.seed),
      loss: String(trained.loss),
      threshold: String(trained.threshold),
    },
  });
}

/** To `scaled`, [windows, 16, metrics]. */
function standardise(): OnnxNode[] {
  return [
    node('Sub', ['window', 'centre'], ['centred']),
    node('Div', ['centred', 'scale'], ['standard']),
    node('IsNaN', ['standard'], ['missing']),
    node('Where', ['missing', 'zero', 'standard'], ['present']),
    node('Clip', ['present', 'lowest', 'highest'], ['scaled']),
  ];
}

/** To `latent`, [windows, latent]. */
function encode({ settings }: TrainedLstm): OnnxNode[] {
  const hidden = { hidden_size: { int: settings.hidden } };
  return [
    node('Transpose', ['scaled'], ['byStep'], { perm: { ints: [1, 0, 2] } }),
    node('LSTM', ['byStep', 'encoderW', 'encoderR', 'encoderB'], ['', 'lastState'], hidden),
    node('Squeeze', ['lastState', 'firstAxis'], ['state']),
    node('Gemm', ['state', 'latentW', 'latentB'], ['latent']),
  ];
}

/** To `rebuilt`, [windows, 16, metrics]. In ONNX's direction `reverse` the last step is the first that is written, as here. */
function decode({ settings }: TrainedLstm): OnnxNode[] {
  const attributes = { hidden_size: { int: settings.hidden }, direction: { text: 'reverse' } };
  return [
    node('Unsqueeze', ['latent', 'firstAxis'], ['latentOnce']),
    node('Expand', ['latentOnce', 'everyStep'], ['latentByStep']),
    node('LSTM', ['latentByStep', 'decoderW', 'decoderR', 'decoderB'], ['states'], attributes),
    node('Squeeze', ['states', 'secondAxis'], ['statesByStep']),
    node('MatMul', ['statesByStep', 'outputW'], ['unbiased']),
    node('Add', ['unbiased', 'outputB'], ['rebuiltByStep']),
    node('Transpose', ['rebuiltByStep'], ['rebuilt'], { perm: { ints: [1, 0, 2] } }),
  ];
}

/** To the outputs. */
function judge(): OnnxNode[] {
  return [
    node('Mul', ['rebuilt', 'scale'], ['spread']),
    node('Add', ['spread', 'centre'], ['reconstruction']),
    node('Sub', ['rebuilt', 'scaled'], ['residuals']),
    node('Slice', ['residuals', 'judgedFrom', 'judgedTo', 'secondAxis'], ['judged']),
    node('MatMul', ['judged', 'whitening'], ['whitened']),
    node('Mul', ['whitened', 'whitened'], ['squared']),
    node('ReduceMean', ['squared'], ['distances'], { axes: { ints: [2] }, keepdims: { int: 0 } }),
    node('Min', ['distances', 'farthest'], ['counted']),
    node('ReduceMean', ['counted'], ['error'], { axes: { ints: [1] }, keepdims: { int: 0 } }),
    node('Div', ['error', 'threshold'], ['ratio']),
    node('Add', ['ratio', 'one'], ['ratioAndOne']),
    node('Div', ['ratio', 'ratioAndOne'], ['score']),
  ];
}

function constants({ scaling, threshold, whitening, metrics }: TrainedLstm): Tensor[] {
  const size = metrics.length;
  return [
    tensor(
      'centre',
      [size],
      Float32Array.from(scaling, ({ centre }) => centre),
    ),
    tensor(
      'scale',
      [size],
      Float32Array.from(scaling, ({ scale }) => scale),
    ),
    tensor('whitening', [size, size], transposedFloats(whitening, size)),
    ...Object.entries({
      zero: 0,
      one: 1,
      lowest: -WIDEST,
      highest: WIDEST,
      farthest: FARTHEST,
      threshold,
    }).map(([name, value]) => tensor(name, [], Float32Array.of(value))),
    ...Object.entries({ firstAxis: 0, secondAxis: 1, judgedFrom: WINDOW - JUDGED, judgedTo: WINDOW }).map(
      ([name, value]) => tensor(name, [1], BigInt64Array.of(BigInt(value))),
    ),
    tensor('everyStep', [3], BigInt64Array.of(BigInt(WINDOW), 1n, 1n)),
  ];
}

function transposedFloats(matrix: Float64Array, size: number): Float32Array {
  return Float32Array.from(matrix, (_, at) => matrix[(at % size) * size + Math.floor(at / size)] as number);
}

function weightTensors(trained: TrainedLstm): Tensor[] {
  const size = sizeOf(trained);
  const { encoder, toLatent, decoder, output } = parametersOver(trained.weights, size);
  return [
    ...layerTensors('encoder', encoder, size.metrics, size),
    ...denseTensors('latent', toLatent),
    ...layerTensors('decoder', decoder, size.latent, size),
    ...denseTensors('output', output),
  ];
}

/** ONNX keeps an LSTM's weights one row a gate and unit, and a second bias, here 0. */
function layerTensors(name: string, matrix: Matrix, inputs: number, { hidden }: NetworkSize): Tensor[] {
  const gates = 4 * hidden;
  const bias = new Float32Array(2 * gates);
  bias.set(rowsTurned(matrix, inputs + hidden, 1));
  return [
    tensor(`${name}W`, [1, gates, inputs], rowsTurned(matrix, 0, inputs)),
    tensor(`${name}R`, [1, gates, hidden], rowsTurned(matrix, inputs, hidden)),
    tensor(`${name}B`, [1, 2 * gates], bias),
  ];
}

/** Some rows of a matrix, its columns one after the other. */
function rowsTurned({ data, columns }: Matrix, first: number, rows: number): Float32Array {
  return Float32Array.from(
    { length: rows * columns },
    (_, at) => data[(first + (at % rows)) * columns + Math.floor(at / rows)] as number,
  );
}

function denseTensors(name: string, { data, rows, columns }: Matrix): Tensor[] {
  const inputs = rows - 1;
  return [
    tensor(`${name}W`, [inputs, columns], Float32Array.from(data.subarray(0, inputs * columns))),
    tensor(`${name}B`, [columns], Float32Array.from(data.subarray(inputs * columns, rows * columns))),
  ];
}
