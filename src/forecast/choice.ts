import { meanErrors } from './accuracy.ts';
import { YARDSTICKS } from './members.ts';
import { errorsOf } from './recent-errors.ts';
import type { Plan } from './rolling-origin.ts';
import { type Contender, ENSEMBLE } from './trials.ts';

export interface Chosen {
  contender: Contender;
  /** Null where nothing could be tried. */
  beatsNaive: boolean | null;
}

/** How many standard errors better than the yardstick: the ensemble, and any single model (of which there are many to be lucky). */
const ENSEMBLE_LEAD = 1;
const SINGLE_LEAD = 2.5;

export function choose(
  contenders: readonly Contender[],
  values: Float64Array,
  plan: Plan,
  named: string | null,
): Chosen {
  const rated = contenders.map(contender => ({
    contender,
    errors: meanErrors(errorsOf(contender.trial, values, plan)),
  }));
  const overall = (errors: readonly number[]): number => errors.reduce((sum, e) => sum + e, 0);
  const best = (some: typeof rated): (typeof rated)[number] =>
    some.reduce((a, b) => (overall(b.errors) < overall(a.errors) ? b : a));
  const yard = best(rated.filter(({ contender }) => YARDSTICKS.some(({ name }) => name === contender.name)));
  const spacing = (values.length - (plan.origins[0] ?? 0)) / Math.max(plan.origins.length, 1);
  const lag = Math.ceil(plan.steps / spacing);
  const lead = (errors: readonly number[]): number =>
    leadOf(
      yard.errors.map((e, i) => e - (errors[i] as number)),
      lag,
    );
  const own = rated.find(({ contender }) => contender.name === named);
  if (own !== undefined) return { contender: own.contender, beatsNaive: lead(own.errors) >= ENSEMBLE_LEAD };
  const ensemble = rated.find(({ contender }) => contender.name === ENSEMBLE) as (typeof rated)[number];
  if (lead(ensemble.errors) >= ENSEMBLE_LEAD) return { contender: ensemble.contender, beatsNaive: true };
  const single = best(rated);
  if (lead(single.errors) >= SINGLE_LEAD) return { contender: single.contender, beatsNaive: true };
  return { contender: yard.contender, beatsNaive: false };
}

function leadOf(differences: readonly number[], lag: number): number {
  const n = differences.length;
  if (n < 2) return 0;
  const mean = differences.reduce((s, d) => s + d, 0) / n;
  const cov = (k: number): number => {
    let s = 0;
    for (let i = k; i < n; i++)
      s += ((differences[i] as number) - mean) * ((differences[i - k] as number) - mean);
    return s / n;
  };
  const L = Math.min(lag, Math.floor(n / 3));
  let variance = cov(0);
  for (let k = 1; k <= L; k++) variance += 2 * (1 - k / (L + 1)) * cov(k);
  return mean <= 0 ? 0 : mean / Math.sqrt(Math.max(variance, 1e-300) / n);
}
