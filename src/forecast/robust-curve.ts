import { solvePositive } from '../stats/cholesky.ts';
import { quantile } from '../stats/quantile.ts';

const ROUNDS = 4;
/** The median of so many residuals, evenly spread, is near enough to that of all. */
const SAMPLE = 200;
/** In deviations, as the median of the absolute residuals gives them: a value further off pulls no harder than one at this distance. */
const HUBER = 1.345;
const MEDIAN_TO_DEVIATION = 1.4826;

/**
 * A polynomial in time, fitted so that outliers hardly count: least squares, repeated with less weight for what lies far off.
 *
 * - Convention: time runs from -1 (the first value) to 1 (the last one). Coefficients: lowest power first. Weights: Huber's, with 1.345
 *   deviations (95 % as exact as least squares where the noise is normal). What lies on a polynomial exactly is recovered exactly.
 * - Cost: O(5 n k) for k coefficients.
 * - Source: Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35 (1964); iteratively reweighted least
 *   squares as in Holland and Welsch, Communications in Statistics A 6 (1977).
 */
export function robustCurve(values: Float64Array, order: number): Float64Array {
  const times = timesOf(values.length);
  const weights = new Float64Array(values.length).fill(1);
  let coefficients = weighted(values, times, weights, order);
  for (let round = 0; round < ROUNDS; round += 1) {
    const scale = HUBER * MEDIAN_TO_DEVIATION * usualDistance(values, times, coefficients);
    if (!(scale > 1e-12)) break; // half of the values or more lie on it
    for (let at = 0; at < values.length; at += 1) {
      const far = Math.abs((values[at] as number) - curveAt(coefficients, times[at] as number));
      weights[at] = far <= scale ? 1 : scale / far;
    }
    coefficients = weighted(values, times, weights, order);
  }
  return coefficients;
}

/** The times of so many values. */
export function timesOf(length: number): Float64Array {
  const times = new Float64Array(length);
  for (let at = 0; at < length; at += 1) times[at] = timeOf(at, length);
  return times;
}

/** The time of a value by its number, in which numbers from `length` on lie in the future. */
export function timeOf(at: number, length: number): number {
  return length < 2 ? at : (2 * at) / (length - 1) - 1;
}

export function curveAt(coefficients: Float64Array, time: number): number {
  let sum = 0;
  for (let power = coefficients.length - 1; power >= 0; power -= 1)
    sum = sum * time + (coefficients[power] as number);
  return sum;
}

function usualDistance(values: Float64Array, times: Float64Array, coefficients: Float64Array): number {
  const { length } = values;
  const stride = Math.ceil(length / SAMPLE);
  const far = new Float64Array(Math.ceil(length / stride));
  for (let index = 0, at = 0; index < far.length; index += 1, at += stride)
    far[index] = Math.abs((values[at] as number) - curveAt(coefficients, times[at] as number));
  return quantile(far, 0.5) ?? 0;
}

function weighted(
  values: Float64Array,
  times: Float64Array,
  weights: Float64Array,
  order: number,
): Float64Array {
  const size = order + 1;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const powers = new Float64Array(2 * size);
  const term = weights.slice(); // of each value: its weight times this power of its time
  for (let index = 0; index < 2 * order + 1; index += 1) {
    let sum = 0;
    let product = 0;
    for (let at = 0; at < values.length; at += 1) {
      const power = term[at] as number;
      sum += power;
      product += power * (values[at] as number);
      term[at] = power * (times[at] as number);
    }
    powers[index] = sum;
    if (index < size) right[index] = product;
  }
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      matrix[row * size + column] = powers[row + column] as number;
  return solvePositive(matrix, right);
}
