import { logGamma } from './log-gamma.ts';

/**
 * Both tails of Student's t distribution: the chance of a value at least as far from 0 as `t`.
 *
 * - Purpose: the p value of a difference of means.
 * - Convention: two-tailed; `freedom`: degrees of freedom, above 0, whole or not. 0 for an infinite `t`. Relative error below 1e-10.
 * - Cost: O(1), some tens of terms.
 * - Source: the incomplete beta function I(x; freedom / 2, 1 / 2) at x = freedom / (freedom + t^2); Abramowitz and Stegun, "Handbook of
 *   Mathematical Functions", 26.5.8 and 26.7.1, evaluated after W. J. Lentz (Applied Optics 15, 1976).
 *
 * @example studentTwoTailed(2.228139, 10) // 0.05
 */
export function studentTwoTailed(t: number, freedom: number): number {
  const square = t * t;
  if (!Number.isFinite(square)) return 0;
  const x = freedom / (freedom + square);
  return incompleteBeta(x, square / (freedom + square), freedom / 2, 0.5);
}

const MOST_TERMS = 10_000;
const EXACT = 1e-16;
const TINY = 1e-300;

/** @param rest 1 - x, given for itself to keep its digits where x is near 1 */
function incompleteBeta(x: number, rest: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  const factor = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest));
  return x < (a + 1) / (a + b + 2)
    ? (factor * fraction(x, a, b)) / a
    : 1 - (factor * fraction(rest, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let index = 1; index < MOST_TERMS; index++) {
    const even = (index * (b - index) * x) / ((a + 2 * index - 1) * (a + 2 * index));
    step(even);
    const odd = (-(a + index) * (a + b + index) * x) / ((a + 2 * index) * (a + 2 * index + 1));
    if (Math.abs(step(odd) - 1) < EXACT) break;
  }
  return value;

  function step(term: number): number {
    d = 1 / nonZero(1 + term * d);
    c = nonZero(1 + term / c);
    value *= d * c;
    return d * c;
  }
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
