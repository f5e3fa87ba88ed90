import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addProduct,
  columnsOf,
  type Matrix,
  matrixOver,
  rowsOf,
  transposed,
  zeros,
} from '../../../src/detect/lstm/matrix.ts';
import { seededRandom } from '../../../src/stats/random.ts';

const random = seededRandom(1);

function randomMatrix(rows: number, columns: number): Matrix {
  const matrix = zeros(rows, columns);
  matrix.data.forEach((_, at) => {
    matrix.data[at] = random() - 0.5;
  });
  return matrix;
}

const at = ({ data, rowStep, columnStep }: Matrix, row: number, column: number): number =>
  data[row * rowStep + column * columnStep] ?? Number.NaN;

function plainProduct(left: Matrix, right: Matrix, row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < left.columns; k += 1) sum += at(left, row, k) * at(right, k, column);
  return sum;
}

function assertProduct(left: Matrix, right: Matrix): void {
  const sum = randomMatrix(left.rows, right.columns);
  const before = { ...sum, data: sum.data.slice() };
  addProduct(sum, left, right);
  for (let row = 0; row < sum.rows; row += 1) {
    for (let column = 0; column < sum.columns; column += 1) {
      const expected = at(before, row, column) + plainProduct(left, right, row, column);
      assert.ok(Math.abs(at(sum, row, column) - expected) < 1e-12, `(${row}, ${column})`);
    }
  }
}

test('a product of any size is added as the plain loop would', () => {
  for (let rows = 1; rows <= 5; rows += 1) {
    for (let columns = 1; columns <= 9; columns += 1) {
      assertProduct(randomMatrix(rows, 7), randomMatrix(7, columns));
    }
  }
});

test('views are multiplied as copies would be', () => {
  const whole = randomMatrix(9, 8);
  assertProduct(transposed(rowsOf(whole, 2, 5)), columnsOf(randomMatrix(5, 9), 3, 4));
  assertProduct(columnsOf(whole, 1, 6), transposed(randomMatrix(7, 6)));
  assertProduct(columnsOf(transposed(whole), 4, 3), matrixOver(whole.data, 3, 5));
});

test('a product writes nothing beside its own columns', () => {
  const wide = randomMatrix(3, 10);
  const before = wide.data.slice();
  addProduct(columnsOf(wide, 2, 5), randomMatrix(3, 4), randomMatrix(4, 5));
  wide.data.forEach((value, index) => {
    const column = index % 10;
    if (column < 2 || column >= 7) assert.equal(value, before[index]);
  });
});
