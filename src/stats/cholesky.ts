/**
 * Solves A x = b for a symmetric, positive definite matrix, such as the normal equations of least squares.
 *
 * - Convention: `matrix` is row by row, of which the lower half is read; a ridge of 10^-9 of the diagonal keeps nearly dependent columns
 *   from blowing up.
 * - Cost: O(n^3 / 6).
 * - Source: the decomposition of Cholesky; Golub and Van Loan, Matrix Computations, section 4.2.
 *
 * @example solvePositive(Float64Array.of(4, 2, 2, 3), Float64Array.of(2, 1)) // [0.5, 0]
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const lower = decomposed(matrix, size);
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) subtract(row, at(lower, row * size + column), column);
    divide(row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    for (let column = row + 1; column < size; column += 1)
      subtract(row, at(lower, column * size + row), column);
    divide(row);
  }
  return solution;

  function subtract(row: number, factor: number, column: number): void {
    solution[row] = at(solution, row) - factor * at(solution, column);
  }
  function divide(row: number): void {
    solution[row] = at(solution, row) / at(lower, row * size + row);
  }
}

const RIDGE = 1e-9;

function decomposed(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = at(matrix, row * size + column);
      for (let k = 0; k < column; k += 1) sum -= at(lower, row * size + k) * at(lower, column * size + k);
      lower[row * size + column] =
        row === column
          ? Math.sqrt(Math.max(sum + RIDGE * at(matrix, row * size + row), Number.MIN_VALUE))
          : sum / at(lower, column * size + column);
    }
  }
  return lower;
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0;
}
