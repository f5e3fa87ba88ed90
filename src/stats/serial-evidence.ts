import { studentQuantile } from './student-quantile.ts';
import { studentTwoTailed } from './student-tail.ts';

/** How much is known: so many values, each worth 1 / `inflation` of an independent one. */
export interface Evidence {
  count: number;
  inflation: number;
}

const LEAST_P = 1e-300;

/**
 * The p value that is left where the values are serially correlated.
 *
 * - Convention: p is read as that of Student's t, the t divided by the root of the inflation, and its degrees of freedom by the
 *   inflation. Unchanged at inflation 1.
 * - Source: effective sample size, as in H. von Storch and F. W. Zwiers, "Statistical Analysis in Climate Research", section 6.6.
 */
export function honestP(p: number, { count, inflation }: Evidence): number {
  if (inflation <= 1 || p >= 1) return p;
  const t = studentQuantile(Math.max(p, LEAST_P), freedomOf(count));
  return studentTwoTailed(t / Math.sqrt(inflation), freedomOf(count / inflation));
}

/** The level at which a test of independent values has to be made, so that `alpha` holds: the way back of `honestP`. */
export function strictAlpha(alpha: number, { count, inflation }: Evidence): number {
  if (inflation <= 1) return alpha;
  const t = studentQuantile(alpha, freedomOf(count / inflation)) * Math.sqrt(inflation);
  return studentTwoTailed(t, freedomOf(count));
}

function freedomOf(count: number): number {
  return Math.max(1, count - 2);
}
