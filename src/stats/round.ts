/**
 * Rounds to so many decimals, as a person would write the number.
 *
 * - Purpose: figures for people and files (88.37 %, 0.43 s) without a tail of binary digits.
 * - Convention: of two equally near results the one farther from zero (2.345 -> 2.35, -2.345 -> -2.35), judged on the shortest
 *   decimal text of the number, so 1.005 becomes 1.01 although its double lies a hair below. Never -0. Numbers from 10^21 on,
 *   whose doubles have no decimals, and non-finite ones come back as they are. `decimals`: 0 to 100.
 * - Cost: O(1).
 * - Source: decimal shifting by exponent text, the usual way round the error of `Math.round(x * 100) / 100`.
 *
 * @example roundTo(88.372093, 2) // 88.37
 */
export function roundTo(value: number, decimals: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return value;
  const rounded = roundedSize(Math.abs(value), decimals);
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Where a number is clearly nearer to one side, its text need not be asked: so many parts of exact powers of ten are divided exactly. */
const CLEAR = { parts: 1e12, power: 1e22, distance: 0.49 };

function roundedSize(size: number, decimals: number): number {
  const power = 10 ** decimals;
  const parts = Math.round(size * power);
  const isClear =
    parts < CLEAR.parts && power <= CLEAR.power && Math.abs(size * power - parts) < CLEAR.distance;
  return isClear ? parts / power : shift(Math.round(shift(size, decimals)), -decimals);
}

function shift(value: number, decimals: number): number {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + decimals}`);
}

/**
 * Rounds to so many significant digits.
 *
 * - Purpose: takes the noise of binary fractions off a computed figure (0.1 + 0.2 at 12 digits is 0.3) and keeps its size.
 * - Convention: as `Number.prototype.toPrecision`; never -0. `digits`: 1 to 100.
 * - Cost: O(1).
 * - Source: ECMA-262, Number.prototype.toPrecision.
 *
 * @example roundSignificant(0.30000000000000004, 12) // 0.3
 */
export function roundSignificant(value: number, digits: number): number {
  return Number(value.toPrecision(digits)) + 0;
}
