/** What a segment between two change points may look like, and how badly a stretch of values fits that. */
export interface Shape {
  /** Numbers that describe one segment. */
  parameters: number;
  /** A segment has at least so many values. */
  shortest: number;
  slope: boolean;
}

export const LEVEL: Shape = { parameters: 1, shortest: 2, slope: false };
export const LINE: Shape = { parameters: 2, shortest: 3, slope: true };

/** Sum of squared residuals of the values from `start` up to but not with `end`. */
export type Cost = (start: number, end: number) => number;

/**
 * The least-squares cost of any stretch of a series, for a constant level or a straight line.
 *
 * - Convention: never below 0, whatever the rounding.
 * - Cost: O(n) once, then O(1) a stretch, by sums of the first values, of their squares, and of their products with the index.
 * - Source: textbook simple regression; the index has the variance (m^2 - 1) / 12 over m places.
 */
export function costOf(values: Float64Array, shape: Shape): Cost {
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  const products = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    sums[index + 1] = (sums[index] as number) + value;
    squares[index + 1] = (squares[index] as number) + value * value;
    products[index + 1] = (products[index] as number) + index * value;
  }
  // The innermost loop of the search: its indices are within the arrays.
  const level: Cost = (start, end) => {
    const sum = (sums[end] as number) - (sums[start] as number);
    return (squares[end] as number) - (squares[start] as number) - (sum * sum) / (end - start);
  };
  if (!shape.slope) return (start, end) => Math.max(level(start, end), 0);
  return (start, end) => {
    const count = end - start;
    const sum = (sums[end] as number) - (sums[start] as number);
    const product = (products[end] as number) - (products[start] as number) - ((start + end - 1) / 2) * sum;
    const explained = count > 1 ? (12 * product * product) / (count * (count * count - 1)) : 0;
    return Math.max(level(start, end) - explained, 0);
  };
}

/** What is left of the values when each segment is fitted by itself. */
export function residualsOf(values: Float64Array, changes: readonly number[], shape: Shape): Float64Array {
  const rest = new Float64Array(values.length);
  const starts = [0, ...changes];
  for (const [at, start] of starts.entries()) {
    const end = starts[at + 1] ?? values.length;
    const { level, slope } = lineOf(values, start, end, shape);
    for (let index = start; index < end; index++) {
      rest[index] = (values[index] ?? 0) - level - slope * (index - (start + end - 1) / 2);
    }
  }
  return rest;
}

function lineOf(
  values: Float64Array,
  start: number,
  end: number,
  shape: Shape,
): { level: number; slope: number } {
  const count = end - start;
  let sum = 0;
  let product = 0;
  for (let index = start; index < end; index++) {
    sum += values[index] ?? 0;
    product += (index - (start + end - 1) / 2) * (values[index] ?? 0);
  }
  const slope = shape.slope && count > 1 ? (12 * product) / (count * (count * count - 1)) : 0;
  return { level: sum / count, slope };
}
