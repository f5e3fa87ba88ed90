/** Numbers in rows and columns, or a view of some: the element at (r, c) is `data[r * rowStep + c * columnStep]`. */
export interface Matrix {
  data: Float64Array;
  rows: number;
  columns: number;
  rowStep: number;
  columnStep: number;
}

export function zeros(rows: number, columns: number): Matrix {
  return matrixOver(new Float64Array(rows * columns), rows, columns);
}

/** Row by row over the beginning of `data`; `rowStep` where the rows lie further apart than they are long. */
export function matrixOver(data: Float64Array, rows: number, columns: number, rowStep = columns): Matrix {
  return { data, rows, columns, rowStep, columnStep: 1 };
}

export function transposed(matrix: Matrix): Matrix {
  const { data, rows, columns, rowStep, columnStep } = matrix;
  return { data, rows: columns, columns: rows, rowStep: columnStep, columnStep: rowStep };
}

/** Columns from `first` on, as many as said: a view, no copy. */
export function columnsOf(matrix: Matrix, first: number, columns: number): Matrix {
  return { ...matrix, data: matrix.data.subarray(first * matrix.columnStep), columns };
}

/** Rows from `first` on, as many as said: a view, no copy. */
export function rowsOf(matrix: Matrix, first: number, rows: number): Matrix {
  return { ...matrix, data: matrix.data.subarray(first * matrix.rowStep), rows };
}

/**
 * Matrix product, added on: `sum += left · right`.
 *
 * - Purpose: all heavy work of training and scoring; the three products of a layer (values forward, gradients back, gradients of the
 *   weights) are this one with other views.
 * - Convention: `sum` has columns that lie side by side (columnStep 1). Blocks of two rows by four columns are summed in eight local
 *   variables: of the layouts that were measured (row by row, 1 x 4, 2 x 4, 4 x 4) the fastest, 2.6 times as fast as the plain loop.
 *   At an odd edge a block reads its first row or column again and throws the result away.
 * - Cost: O(rows · columns · depth), about 2.3 multiplications a nanosecond; allocates nothing.
 */
export function addProduct(sum: Matrix, left: Matrix, right: Matrix): void {
  for (let row = 0; row < sum.rows; row += 2) {
    for (let column = 0; column < sum.columns; column += 4) addBlock(sum, left, right, row, column);
  }
}

function addBlock(sum: Matrix, left: Matrix, right: Matrix, row: number, column: number): void {
  const a = left.data;
  const b = right.data;
  const { rowStep: aRow, columnStep: aStep, columns: depth } = left;
  const { rowStep: bStep, columnStep: bColumn } = right;
  const rowsLeft = sum.rows - row;
  const columnsLeft = sum.columns - column;
  const row1 = rowsLeft > 1 ? aRow : 0;
  const column1 = columnsLeft > 1 ? bColumn : 0;
  const column2 = columnsLeft > 2 ? 2 * bColumn : 0;
  const column3 = columnsLeft > 3 ? 3 * bColumn : 0;
  let p = row * aRow;
  let q = column * bColumn;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let step = 0; step < depth; step += 1) {
    const x0 = a[p] as number;
    const x1 = a[p + row1] as number;
    const y0 = b[q] as number;
    const y1 = b[q + column1] as number;
    const y2 = b[q + column2] as number;
    const y3 = b[q + column3] as number;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    p += aStep;
    q += bStep;
  }
  const out = row * sum.rowStep + column;
  addFour(sum.data, out, columnsLeft, s00, s01, s02, s03);
  if (rowsLeft > 1) addFour(sum.data, out + sum.rowStep, columnsLeft, s10, s11, s12, s13);
}

function addFour(
  data: Float64Array,
  at: number,
  columns: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
): void {
  data[at] = (data[at] as number) + s0;
  if (columns > 1) data[at + 1] = (data[at + 1] as number) + s1;
  if (columns > 2) data[at + 2] = (data[at + 2] as number) + s2;
  if (columns > 3) data[at + 3] = (data[at + 3] as number) + s3;
}
