import { normalQuantile } from './normal.ts';

/**
 * Upper quantile of Student's t distribution: the value that |t| exceeds with probability `twoTailed`.
 *
 * - Purpose: how far a value may lie from the mean of a few others before it is no chance.
 * - Convention: `twoTailed` within (0, 1); `freedom`: degrees of freedom, 1 or more. Relative error below 1e-4, mostly far below.
 * - Cost: O(1), about 0.2 microseconds: keep it where it is asked for again and again.
 * - Source: G. W. Hill, "Algorithm 396: Student's t-quantiles", Communications of the ACM 13 (1970), 619-620.
 *
 * @example studentQuantile(0.05, 10) // 2.228139
 */
export function studentQuantile(twoTailed: number, freedom: number): number {
  if (freedom === 1) return 1 / Math.tan((twoTailed * Math.PI) / 2);
  if (freedom === 2) return Math.sqrt(2 / (twoTailed * (2 - twoTailed)) - 2);
  const a = 1 / (freedom - 0.5);
  const b = 48 / (a * a);
  const c = ((20_700 * a) / b - 98) * a * a - 16 * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * freedom;
  const power = (d * twoTailed) ** (2 / freedom);
  if (power <= 0.05 + a) return Math.sqrt(freedom * farTail(power, freedom, d));
  const x = normalQuantile(twoTailed / 2);
  const few = freedom < 5 ? 0.3 * (freedom - 4.5) * (x + 0.6) : 0;
  return Math.sqrt(freedom * nearNormal(x, a, b, c + few, d));
}

/** Asymptotic expansion about the normal distribution. */
function nearNormal(x: number, a: number, b: number, c: number, d: number): number {
  const y = x * x;
  const divisor = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
  const z = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / divisor - y - 3) / b + 1) * x;
  return Math.expm1(a * z * z);
}

function farTail(y: number, freedom: number, d: number): number {
  const first = 1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3);
  return (((first + 0.5 / (freedom + 4)) * y - 1) * (freedom + 1)) / (freedom + 2) + 1 / y;
}
