/**
 * How well a curve without any change point fits: the sum of squared residuals of a least-squares polynomial.
 *
 * - Purpose: a series that grows along a smooth curve is cut into ever more lines that fit ever better, though nothing ever changed at once.
 *   Lines have to be better than the curve.
 * - Convention: degree 3 is a curve that bends twice at most. Orthogonal polynomials over the equidistant places, by Gram-Schmidt
 *   done twice, so that the result is stable.
 * - Cost: O(n d^2) for degree d.
 * - Source: Forsythe, "Generation and Use of Orthogonal Polynomials for Data-Fitting", J. SIAM 5 (1957), 74-88.
 */
export function smoothCost(values: Float64Array, degree: number): number {
  const basis: Float64Array[] = [];
  const rest = values.slice();
  for (let power = 0; power <= degree && power < values.length; power++) {
    const next = raised(basis.at(-1), values.length);
    for (let pass = 0; pass < 2; pass++) for (const known of basis) subtract(next, known, dot(next, known));
    const size = Math.sqrt(dot(next, next));
    basis.push(next.map(value => value / size));
    subtract(rest, basis.at(-1) ?? rest, dot(rest, basis.at(-1) ?? rest));
  }
  return dot(rest, rest);
}

/** The last polynomial times the place, which runs from -1 to 1; the constant to begin with. */
function raised(last: Float64Array | undefined, length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) =>
    last === undefined ? 1 : (last[index] ?? 0) * ((2 * index) / (length - 1) - 1),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function subtract(from: Float64Array, what: Float64Array, times: number): void {
  for (let index = 0; index < from.length; index++)
    from[index] = (from[index] ?? 0) - times * (what[index] ?? 0);
}
