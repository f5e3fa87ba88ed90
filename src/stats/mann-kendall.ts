import { normalTwoTailed } from './normal-tail.ts';
import { honestP } from './serial-evidence.ts';
import { serialInflation } from './serial-inflation.ts';
import { theilSen, tiedVariance } from './theil-sen.ts';

export interface MannKendall {
  /** Pairs that rise less pairs that fall. */
  s: number;
  /** Of independent values; two-tailed. */
  pIndependent: number;
  /** With serial correlation counted in. */
  p: number;
  inflation: number;
}

/**
 * The trend test of Mann and Kendall: whether values tend to rise or fall, in a line or not.
 *
 * - Purpose: whether a slope is one, or chance.
 * - Convention: normal approximation with corrections for ties and continuity. What is left around Theil and Sen's line says how alike
 *   neighbours are; the p value is that of so many fewer values. Null for fewer than three.
 * - Cost: O(n^2 log n): for some hundreds of values.
 * - Source: H. B. Mann, "Nonparametric Tests Against Trend", Econometrica 13 (1945), 245-259; the correction by an effective sample size:
 *   S. Yue and C. Wang, "The Mann-Kendall Test Modified by Effective Sample Size to Detect Trend in Serially Correlated Hydrological
 *   Series", Water Resources Management 18 (2004), 201-218, with serial correlation as in serial-inflation.ts.
 *
 * @param values in the order of time
 * @example mannKendall([1, 3, 2, 5, 4, 7, 9, 8, 12, 10]) // s 37, p of independent values 0.0013
 */
export function mannKendall(values: readonly number[]): MannKendall | null {
  const n = values.length;
  if (n < 3) return null;
  const s = risesLessFalls(values);
  const variance = (n * (n - 1) * (2 * n + 5) - tiedVariance(values)) / 18;
  const distance = Math.abs(s) - 1; // continuity
  const pIndependent = variance > 0 && distance > 0 ? normalTwoTailed(distance / Math.sqrt(variance)) : 1;
  const inflation = serialInflation([residuals(values)], 2);
  return { s, pIndependent, p: honestP(pIndependent, { count: n, inflation }), inflation };
}

function risesLessFalls(values: readonly number[]): number {
  let s = 0;
  values.forEach((value, index) => {
    for (let other = 0; other < index; other++) s += Math.sign(value - (values[other] ?? 0));
  });
  return s;
}

function residuals(values: readonly number[]): number[] {
  const places = values.map((_, index) => index);
  const slope = theilSen(places, values, 0.05)?.slope ?? 0;
  return values.map((value, index) => value - slope * index);
}
