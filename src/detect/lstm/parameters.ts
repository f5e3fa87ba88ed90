import { rowsOfLayer } from './layer.ts';
import { type Matrix, matrixOver } from './matrix.ts';

export interface NetworkSize {
  /** Metrics of an observation. */
  metrics: number;
  /** Units of encoder and decoder each. */
  hidden: number;
  /** Numbers that a whole window is pressed into. */
  latent: number;
}

/** The four weight matrices, one after the other in one array; a bias is the last row of each. */
export interface Parameters {
  all: Float64Array;
  encoder: Matrix;
  toLatent: Matrix;
  decoder: Matrix;
  output: Matrix;
}

export function parameterCount(size: NetworkSize): number {
  return shapesOf(size).reduce((total, [rows, columns]) => total + rows * columns, 0);
}

export function parametersOver(all: Float64Array, size: NetworkSize): Parameters {
  let at = 0;
  const [encoder, toLatent, decoder, output] = shapesOf(size).map(([rows, columns]) => {
    const part = matrixOver(all.subarray(at, at + rows * columns), rows, columns);
    at += rows * columns;
    return part;
  }) as [Matrix, Matrix, Matrix, Matrix];
  return { all, encoder, toLatent, decoder, output };
}

function shapesOf({ metrics, hidden, latent }: NetworkSize): [rows: number, columns: number][] {
  return [
    [rowsOfLayer(metrics, hidden), 4 * hidden],
    [hidden + 1, latent],
    [rowsOfLayer(latent, hidden), 4 * hidden],
    [hidden + 1, metrics],
  ];
}

/**
 * First weights: uniform within ±1/√(rows without the bias), biases 0, but 1 for the gate that forgets, so that a cell keeps what it
 * holds until it has learned what to drop.
 *
 * - Source: Glorot and Bengio (2010) for the size; Jozefowicz, Zaremba and Sutskever, "An Empirical Exploration of Recurrent Network
 *   Architectures" (2015), for the 1.
 */
export function firstWeights(size: NetworkSize, random: () => number): Float64Array {
  const parameters = parametersOver(new Float64Array(parameterCount(size)), size);
  const { encoder, toLatent, decoder, output, all } = parameters;
  for (const matrix of [encoder, toLatent, decoder, output]) fillUniform(matrix, random);
  for (const layer of [encoder, decoder]) {
    const bias = (layer.rows - 1) * layer.columns;
    layer.data.fill(1, bias + 2 * size.hidden, bias + 3 * size.hidden);
  }
  return all;
}

function fillUniform({ data, rows, columns }: Matrix, random: () => number): void {
  const inputs = (rows - 1) * columns;
  const bound = 1 / Math.sqrt(rows - 1);
  for (let at = 0; at < inputs; at += 1) data[at] = (2 * random() - 1) * bound;
}
