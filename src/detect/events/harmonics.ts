import { solvePositive } from '../../stats/cholesky.ts';

/** A repeating pattern: a sum of the first harmonics of its period. */
export interface Season {
  /** Observations per cycle. */
  period: number;
  harmonics: number;
  /** One value for each observation of a cycle. */
  pattern: Float64Array;
}

/** The pattern at the observation number `index` of the series. */
export function seasonAt({ period, pattern }: Season, index: number): number {
  return pattern[index % period] ?? 0;
}

/**
 * The first harmonics of a period, fitted to values by least squares.
 *
 * Cost: O(n + p h^2) for n values, a period of p and h harmonics: all values at one place of the cycle count together.
 *
 * @param values NaN where one is missing
 * @param first the number of the first value in its series, which gives its place
 */
export function fitSeason(
  values: ArrayLike<number>,
  first: number,
  period: number,
  harmonics: number,
): Season {
  const { counts, sums } = folded(values, first, period);
  const size = 2 * harmonics;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const rows = waves(period, size);
  for (let place = 0; place < period; place += 1) {
    const row = rows.subarray(place * size, (place + 1) * size);
    addRow(matrix, right, row, counts[place] ?? 0, sums[place] ?? 0);
  }
  const coefficients = solvePositive(matrix, right);
  return { period, harmonics, pattern: patternOf(rows, coefficients, period) };
}

/** How many values there are at each place of the cycle, and their sum. */
function folded(
  values: ArrayLike<number>,
  first: number,
  period: number,
): { counts: Float64Array; sums: Float64Array } {
  const counts = new Float64Array(period);
  const sums = new Float64Array(period);
  let place = first % period;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (!Number.isNaN(value)) {
      counts[place] = (counts[place] ?? 0) + 1;
      sums[place] = (sums[place] ?? 0) + value;
    }
    place = place + 1 === period ? 0 : place + 1;
  }
  return { counts, sums };
}

/** For each place of the cycle the cosine and the sine of each harmonic. */
function waves(period: number, size: number): Float64Array {
  const rows = new Float64Array(period * size);
  for (let place = 0; place < period; place += 1) {
    for (let part = 0; part < size; part += 2) {
      const angle = (2 * Math.PI * place * (part / 2 + 1)) / period;
      rows[place * size + part] = Math.cos(angle);
      rows[place * size + part + 1] = Math.sin(angle);
    }
  }
  return rows;
}

function addRow(
  matrix: Float64Array,
  right: Float64Array,
  row: Float64Array,
  count: number,
  sum: number,
): void {
  const size = row.length;
  for (let p = 0; p < size; p += 1) {
    const factor = row[p] ?? 0;
    right[p] = (right[p] ?? 0) + factor * sum;
    for (let q = 0; q <= p; q += 1) {
      matrix[p * size + q] = (matrix[p * size + q] ?? 0) + count * factor * (row[q] ?? 0);
    }
  }
}

function patternOf(rows: Float64Array, coefficients: Float64Array, period: number): Float64Array {
  const size = coefficients.length;
  return Float64Array.from({ length: period }, (_, place) => {
    let sum = 0;
    for (let part = 0; part < size; part += 1) {
      sum += (rows[place * size + part] ?? 0) * (coefficients[part] ?? 0);
    }
    return sum;
  });
}
