import type { Matrix } from './matrix.ts';
import type { Network } from './network.ts';
import { WINDOW } from './network.ts';
import { type Scaling, scaled, scalingOf } from './scaling.ts';

/** A value per metric, null where there is none. */
export type Row = readonly (number | null)[];

/** A history as the network sees it; the window number w is made of the rows w to w + 15. */
export interface Windows {
  /** Row by row, scaled. */
  values: Float64Array;
  metrics: number;
  count: number;
}

export function scalingsOf(history: readonly Row[], metrics: number): Scaling[] {
  return Array.from({ length: metrics }, (_, metric) => {
    const values = history.map(row => row[metric]).filter(value => typeof value === 'number');
    return scalingOf(values.filter(Number.isFinite));
  });
}

export function windowsOf(history: readonly Row[], scalings: readonly Scaling[]): Windows {
  const metrics = scalings.length;
  const values = new Float64Array(history.length * metrics);
  history.forEach((row, index) => {
    scalings.forEach((scaling, metric) => {
      values[index * metrics + metric] = scaled(row[metric], scaling);
    });
  });
  return { values, metrics, count: Math.max(history.length - WINDOW + 1, 0) };
}

/** Puts the windows numbered `order[from]`, `order[from + 1]`, ... into the network's batch. */
export function fillInput(network: Network, windows: Windows, order: Int32Array, from: number): void {
  for (let step = 0; step < WINDOW; step += 1) {
    fillStep(network.input[step] as Matrix, windows, order, from, step);
  }
}

function fillStep(input: Matrix, windows: Windows, order: Int32Array, from: number, step: number): void {
  const { values, metrics } = windows;
  for (let row = 0; row < input.rows; row += 1) {
    const at = ((order[from + row] as number) + step) * metrics;
    for (let metric = 0; metric < metrics; metric += 1) {
      input.data[row * input.rowStep + metric] = values[at + metric] as number;
    }
  }
}

/**
 * Puts the numbers into a random order, each order equally likely.
 *
 * - Source: Durstenfeld, "Algorithm 235: Random Permutation", Communications of the ACM 7 (1964), 420.
 */
export function shuffle(order: Int32Array, random: () => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
}
