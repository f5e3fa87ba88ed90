/**
 * The normal deviate that is as rare as a value of Student's t.
 *
 * - Purpose: one threshold for statistics with few and with many degrees of freedom.
 * - Convention: keeps the sign; too small by at most 0.07 where chance gives such a t once in 1,000 times and there are 3 or more
 *   degrees of freedom; with 10 or more by less than 0.01.
 * - Cost: O(1).
 * - Source: Wallace, "Bounds on Normal Approximations to Student's and the Chi-Square Distributions",
 *   Annals of Mathematical Statistics 30 (1959), 1121-1130.
 *
 * @example normalFromT(4.6041, 4) // 2.56: both leave 1 % outside (2.5758 exactly)
 */
export function normalFromT(t: number, degrees: number): number {
  const scale = (8 * degrees + 1) / (8 * degrees + 3);
  return Math.sign(t) * scale * Math.sqrt(degrees * Math.log1p(Math.min(t * t, Number.MAX_VALUE) / degrees));
}
