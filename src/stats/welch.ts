import { studentQuantile } from './student-quantile.ts';
import { studentTwoTailed } from './student-tail.ts';

/** What Welch's test needs to know of a sample. */
export interface Summary {
  n: number;
  mean: number;
  standardDeviation: number;
}

export interface Welch {
  /** Of the means, second - first. */
  difference: number;
  t: number;
  freedom: number;
  /** Two-tailed. */
  p: number;
  low: number;
  high: number;
}

/**
 * Welch's t-test: whether two samples with noise of their own differ in their means.
 *
 * - Purpose: comparing with a baseline of which only n, mean and standard deviation are known.
 * - Convention: second - first, two-tailed; low to high is the interval at level 1 - `alpha`. Each sample has two values or more, else
 *   null. Two samples without any noise differ for certain (p 0) or not at all (p 1).
 * - Cost: O(1).
 * - Source: B. L. Welch, "The Generalization of Student's Problem when Several Different Population Variances are Involved",
 *   Biometrika 34 (1947), 28-35.
 *
 * @example welch({ n: 15, mean: 20.82, standardDeviation: 2.8 }, { n: 15, mean: 22.98, standardDeviation: 3.2 }, 0.05)
 */
export function welch(first: Summary, second: Summary, alpha: number): Welch | null {
  if (first.n < 2 || second.n < 2) return null;
  const difference = second.mean - first.mean;
  const [a, b] = [first.standardDeviation ** 2 / first.n, second.standardDeviation ** 2 / second.n];
  const error = Math.sqrt(a + b);
  if (!(error > 0)) return certain(difference, first.n + second.n - 2);
  const share = a / (a + b);
  const freedom = 1 / (share ** 2 / (first.n - 1) + (1 - share) ** 2 / (second.n - 1));
  const t = difference / error;
  const reach = studentQuantile(alpha, freedom) * error;
  const p = studentTwoTailed(t, freedom);
  return { difference, t, freedom, p, low: difference - reach, high: difference + reach };
}

function certain(difference: number, freedom: number): Welch {
  const isSame = difference === 0;
  const t = isSame ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
  return { difference, t, freedom, p: isSame ? 1 : 0, low: difference, high: difference };
}
