import assert from 'node:assert/strict';
import { test } from 'node:test';
import { solvePositive } from '../../src/stats/cholesky.ts';
import { fc } from '../helpers/properties.ts';

function isClose(actual: Float64Array, expected: readonly number[], error = 1e-6): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((each, index) => {
    assert.ok(Math.abs((actual[index] ?? Number.NaN) - each) <= error, `${[...actual]}, not ${expected}`);
  });
}

test('it solves what can be checked by hand', () => {
  isClose(solvePositive(Float64Array.of(4, 2, 2, 3), Float64Array.of(2, 1)), [0.5, 0]);
  // The factor of this matrix is whole: [2 0 0; 6 1 0; -8 5 3].
  const matrix = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
  isClose(
    solvePositive(matrix, Float64Array.of(4 + 24 - 48, 12 + 74 - 129, -16 - 86 + 294)),
    [1, 2, 3],
    1e-4,
  );
});

test('of the matrix the lower half is read', () => {
  isClose(solvePositive(Float64Array.of(4, 99, 2, 3), Float64Array.of(2, 1)), [0.5, 0]);
});

test('what it gives fits, for any matrix that is far from singular', () => {
  const numbers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(
      numbers,
      fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }),
      (b, x) => {
        // B B' + I is positive definite.
        const at = (row: number, column: number): number =>
          [0, 1, 2].reduce(
            (sum, k) => sum + (b[row * 3 + k] ?? 0) * (b[column * 3 + k] ?? 0),
            Number(row === column),
          );
        const matrix = Float64Array.from({ length: 9 }, (_, place) => at(Math.floor(place / 3), place % 3));
        const right = Float64Array.from({ length: 3 }, (_, row) =>
          [0, 1, 2].reduce((sum, k) => sum + at(row, k) * (x[k] ?? 0), 0),
        );
        isClose(solvePositive(matrix, right), x, 1e-3);
      },
    ),
  );
});

test('a singular matrix gives finite numbers that fit', () => {
  const solution = solvePositive(Float64Array.of(1, 1, 1, 1), Float64Array.of(2, 2));
  assert.ok(Math.abs((solution[0] ?? 0) + (solution[1] ?? 0) - 2) < 1e-6);
  isClose(solvePositive(new Float64Array(4), new Float64Array(2)), [0, 0]);
  assert.deepEqual([...solvePositive(new Float64Array(), new Float64Array())], []);
});
