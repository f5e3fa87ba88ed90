import type { Matrix } from './matrix.ts';
import { type Network, WINDOW } from './network.ts';

/**
 * Mean squared error of what came out against what went in, over windows, steps and metrics; sets `outputGradient` to its gradient.
 *
 * - Purpose: what training makes small.
 * - Cost: O(batch · 16 · metrics); after `reconstruct`.
 */
export function meanSquaredError(network: Network): number {
  const count = network.batch * WINDOW * network.size.metrics;
  let sum = 0;
  for (let step = 0; step < WINDOW; step += 1) sum += stepError(network, step, 2 / count);
  return sum / count;
}

function stepError({ input, output, outputGradient }: Network, step: number, factor: number): number {
  const expected = input[step] as Matrix;
  const { data: found, rows, columns } = output[step] as Matrix;
  const gradient = (outputGradient[step] as Matrix).data;
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const difference = (found[at] as number) - (expected.data[row * expected.rowStep + column] as number);
      gradient[at] = factor * difference;
      sum += difference * difference;
    }
  }
  return sum;
}
