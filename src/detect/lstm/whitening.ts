import { quantile } from '../../stats/quantile.ts';

/** Squared differences below this are nothing: a tenth of a metric's usual spread. */
const LEAST_VARIANCE = 0.01;

/** The share of rows that the second look is taken at; the rest may be incidents. */
const USUAL_SHARE = 0.9;

/**
 * The matrix that makes differences of several metrics comparable and independent: with C as their covariance (around 0) the inverse
 * of C's Cholesky factor, so that |W d|² is the squared Mahalanobis distance of a difference d.
 *
 * - Purpose: two metrics that are always wrong together, and suddenly are not, stand out, even where each difference is small.
 * - Convention: row by row, metrics x metrics, zeros above the diagonal. Estimated twice, the second time without the tenth of the
 *   rows that is farthest off by the first: a few incidents in the history would otherwise hide the next one.
 * - Cost: O(rows · metrics²).
 * - Source: the distance: Mahalanobis (1936); of reconstruction errors: Malhotra et al. (2016), section 3; leaving out the farthest:
 *   the concentration step of Rousseeuw and van Driessen, "A Fast Algorithm for the Minimum Covariance Determinant Estimator" (1999).
 *
 * @param rows differences, metrics numbers each, one row after the other
 */
export function whiteningOf(rows: Float64Array, metrics: number): Float64Array {
  const first = inverseFactor(covarianceOf(rows, metrics), metrics);
  return inverseFactor(covarianceOf(usualRows(rows, metrics, first), metrics), metrics);
}

/** |W d|² / metrics of the difference that begins at `at`: about 1 on average. */
export function squaredDistance(
  rows: Float64Array,
  at: number,
  whitening: Float64Array,
  metrics: number,
): number {
  let sum = 0;
  for (let row = 0; row < metrics; row += 1) {
    let part = 0;
    for (let column = 0; column <= row; column += 1) {
      part += (whitening[row * metrics + column] as number) * (rows[at + column] as number);
    }
    sum += part * part;
  }
  return sum / metrics;
}

function usualRows(rows: Float64Array, metrics: number, whitening: Float64Array): Float64Array {
  const distances = Float64Array.from({ length: rows.length / metrics }, (_, row) =>
    squaredDistance(rows, row * metrics, whitening, metrics),
  );
  const farthest = quantile(distances, USUAL_SHARE) ?? 0;
  return rows.filter((_, index) => (distances[Math.floor(index / metrics)] as number) <= farthest);
}

function covarianceOf(rows: Float64Array, metrics: number): Float64Array {
  const covariance = new Float64Array(metrics * metrics);
  const count = rows.length / metrics;
  for (let at = 0; at < rows.length; at += metrics) {
    for (let a = 0; a < metrics; a += 1) {
      for (let b = 0; b < metrics; b += 1) {
        covariance[a * metrics + b] =
          (covariance[a * metrics + b] as number) +
          ((rows[at + a] as number) * (rows[at + b] as number)) / count;
      }
    }
  }
  for (let a = 0; a < metrics; a += 1) {
    covariance[a * metrics + a] = (covariance[a * metrics + a] as number) + LEAST_VARIANCE;
  }
  return covariance;
}

/** L⁻¹ of a covariance L Lᵀ: column by column of the identity, solved downwards. */
function inverseFactor(covariance: Float64Array, size: number): Float64Array {
  const factor = choleskyOf(covariance, size);
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1) {
    for (let row = column; row < size; row += 1) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k += 1) {
        sum -= (factor[row * size + k] as number) * (inverse[k * size + column] as number);
      }
      inverse[row * size + column] = sum / (factor[row * size + row] as number);
    }
  }
  return inverse;
}

/** Lower triangle L with L Lᵀ = the covariance. The least variance on its diagonal keeps every root real. */
function choleskyOf(covariance: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = covariance[row * size + column] as number;
      for (let k = 0; k < column; k += 1) {
        sum -= (factor[row * size + k] as number) * (factor[column * size + k] as number);
      }
      factor[row * size + column] =
        row === column ? Math.sqrt(sum) : sum / (factor[column * size + column] as number);
    }
  }
  return factor;
}
