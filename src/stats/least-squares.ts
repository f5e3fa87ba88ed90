import { solvePositive } from './cholesky.ts';

export interface LeastSquares {
  parameters: Float64Array;
  /** Sum of the squared residuals at them. */
  squares: number;
}

const STEP = 1e-6;
const LEAST_GAIN = 1e-9;
const MOST_DAMPING = 1e8;

/**
 * Nonlinear least squares: the parameters that make the sum of squared residuals small, by the method of Levenberg and Marquardt.
 *
 * - Purpose: the parameters of the forecasts by exponential smoothing and ARIMA.
 * - Convention: goes downhill from `start` and ends in the minimum next to it, at the latest after `rounds` steps. Slopes are taken from
 *   differences. Residuals that are not finite count as infinitely bad.
 * - Cost: k + 1 evaluations of all residuals a step for k parameters, mostly 5 to 15 steps.
 * - Source: Marquardt, "An Algorithm for Least-Squares Estimation of Nonlinear Parameters", SIAM Journal 11 (1963), 431-441.
 *
 * @param residuals fills `into`, which has `count` places
 * @example leastSquares(([x = 0], into) => { into[0] = x * x - 2; }, [1], 1).parameters // [1.41421...]
 */
export function leastSquares(
  residuals: (parameters: Float64Array, into: Float64Array) => void,
  start: readonly number[],
  count: number,
  rounds = 30,
): LeastSquares {
  let parameters: Float64Array = Float64Array.from(start);
  let here = new Float64Array(count);
  let tried = new Float64Array(count);
  const slopes = start.map(() => new Float64Array(count));
  residuals(parameters, here);
  let squares = sumOfSquares(here);
  let damping = 1e-3;
  for (let round = 0; round < rounds && start.length > 0; round += 1) {
    fillSlopes(residuals, parameters, here, slopes);
    const equations = normalEquations(slopes, here);
    const before = squares;
    while (damping < MOST_DAMPING) {
      const next = stepped(parameters, equations, damping);
      residuals(next, tried);
      const reached = sumOfSquares(tried);
      if (reached < squares) {
        [parameters, squares] = [next, reached];
        [here, tried] = [tried, here];
        damping = Math.max(damping / 10, 1e-9);
        break;
      }
      damping *= 10;
    }
    if (!(before - squares > LEAST_GAIN * before)) break;
  }
  return { parameters, squares };
}

function fillSlopes(
  residuals: (parameters: Float64Array, into: Float64Array) => void,
  parameters: Float64Array,
  here: Float64Array,
  slopes: readonly Float64Array[],
): void {
  for (const [index, slope] of slopes.entries()) {
    const moved = Float64Array.from(parameters);
    const step = STEP * Math.max(1, Math.abs(parameters[index] as number));
    moved[index] = (moved[index] as number) + step;
    residuals(moved, slope);
    for (let at = 0; at < slope.length; at += 1)
      slope[at] = ((slope[at] as number) - (here[at] as number)) / step;
  }
}

/** What says how far to go: matrix times step = right. Of the matrix the lower half. */
interface Equations {
  matrix: Float64Array;
  right: Float64Array;
}

function normalEquations(slopes: readonly Float64Array[], here: Float64Array): Equations {
  const size = slopes.length;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const [row, slope] of slopes.entries()) {
    right[row] = -product(slope, here);
    for (let column = 0; column <= row; column += 1)
      matrix[row * size + column] = product(slope, slopes[column] as Float64Array);
  }
  return { matrix, right };
}

function stepped(parameters: Float64Array, { matrix, right }: Equations, damping: number): Float64Array {
  const size = right.length;
  const damped = matrix.slice();
  for (let own = 0; own < damped.length; own += size + 1)
    damped[own] = (damped[own] as number) * (1 + damping) + 1e-12;
  const step = solvePositive(damped, right);
  return parameters.map((value, index) => value + (step[index] as number));
}

function product(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] as number) * (right[at] as number);
  return sum;
}

function sumOfSquares(values: Float64Array): number {
  const sum = product(values, values);
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}
