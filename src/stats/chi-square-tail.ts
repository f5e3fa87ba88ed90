import { logGamma } from './log-gamma.ts';

/**
 * Upper tail of the chi-square distribution: the chance of a value of at least `statistic`.
 *
 * - Purpose: the p value of Kruskal and Wallis' test, and the tail of the normal distribution.
 * - Convention: `statistic` from 0 on; `freedom`: degrees of freedom, above 0. Relative error below 1e-11.
 * - Cost: O(1), some tens of terms.
 * - Source: the incomplete gamma function by its series below its mean and by its continued fraction above; Abramowitz and Stegun,
 *   "Handbook of Mathematical Functions", 6.5.29 and 6.5.31, evaluated after W. J. Lentz (Applied Optics 15, 1976).
 *
 * @example chiSquareTail(5.991465, 2) // 0.05
 */
export function chiSquareTail(statistic: number, freedom: number): number {
  if (!(statistic > 0)) return 1;
  const shape = freedom / 2;
  const x = statistic / 2;
  if (!Number.isFinite(x)) return 0;
  const factor = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return x < shape + 1 ? 1 - factor * series(shape, x) : factor * fraction(shape, x);
}

const MOST_TERMS = 10_000;
const EXACT = 1e-16;
const TINY = 1e-300;

function series(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let index = 1; index < MOST_TERMS && term > sum * EXACT; index++) {
    term *= x / (shape + index);
    sum += term;
  }
  return sum;
}

function fraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let index = 1; index < MOST_TERMS; index++) {
    const a = index * (shape - index);
    b += 2;
    d = 1 / nonZero(a * d + b);
    c = nonZero(b + a / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < EXACT) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
