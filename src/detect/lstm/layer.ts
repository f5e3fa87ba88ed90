import { columnsOf, type Matrix, transposed, zeros } from './matrix.ts';

/** The numbers of one LSTM layer: its weights, and what the way forward leaves for the way back. All memory is allocated here, once. */
export interface Layer {
  inputs: number;
  hidden: number;
  batch: number;
  /** [inputs + hidden + 1][4 hidden]: rows for x, then h, then the bias. */
  weights: Matrix;
  gradients: Matrix;
  /** Per step what it sees, [batch][x, h, 1]; one more than there are steps, since h' is written where the next step sees it. */
  joint: Matrix[];
  /** Per step, [batch][x]: the inputs, to be filled in; views of `joint`. */
  x: Matrix[];
  /** Per step, [batch][h', 1]: the results, ready for a layer with a bias; views of `joint`. */
  states: Matrix[];
  gates: Matrix[];
  /** c before each step, and after the last. */
  cells: Matrix[];
  /** Towards h and c of the step in hand. */
  hGradient: Matrix;
  cGradient: Matrix;
  back: Back;
}

/** Memory and views that only the way back needs. */
interface Back {
  zGradient: Matrix;
  joint: Matrix[];
  toX: Matrix;
  toH: Matrix;
}

export interface LayerSize {
  inputs: number;
  hidden: number;
  steps: number;
  batch: number;
}

export function rowsOfLayer(inputs: number, hidden: number): number {
  return inputs + hidden + 1;
}

/** @param weights,gradients the layer's part of all parameters: `rowsOfLayer` x 4 hidden */
export function createLayer(weights: Matrix, gradients: Matrix, size: LayerSize): Layer {
  const { inputs, hidden, steps, batch } = size;
  const joint = times(steps + 1, () => rowsWithBias(batch, rowsOfLayer(inputs, hidden)));
  const back = transposed(weights);
  return {
    inputs,
    hidden,
    batch,
    weights,
    gradients,
    joint,
    x: joint.slice(0, steps).map(each => columnsOf(each, 0, inputs)),
    states: joint.slice(1).map(each => columnsOf(each, inputs, hidden + 1)),
    gates: times(steps, () => zeros(batch, 4 * hidden)),
    cells: times(steps + 1, () => zeros(batch, hidden)),
    hGradient: zeros(batch, hidden),
    cGradient: zeros(batch, hidden),
    back: {
      zGradient: zeros(batch, 4 * hidden),
      joint: joint.map(transposed),
      toX: columnsOf(back, 0, inputs),
      toH: columnsOf(back, inputs, hidden),
    },
  };
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

/** Rows of zeros, but for the last column: the 1 that the bias is multiplied with. */
function rowsWithBias(rows: number, columns: number): Matrix {
  const matrix = zeros(rows, columns);
  for (let at = columns - 1; at < matrix.data.length; at += columns) matrix.data[at] = 1;
  return matrix;
}
