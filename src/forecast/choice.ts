import { meanErrors } from './accuracy.ts';
import { YARDSTICKS } from './members.ts';
import { errorsOf } from './recent-errors.ts';
import { FEWEST_ORIGINS, type Plan } from './rolling-origin.ts';
import { type Contender, ENSEMBLE } from './trials.ts';

export interface Chosen {
  contender: Contender;
  /** Clearly better than the yardstick; null where there are too few values to tell. */
  beatsNaive: boolean | null;
  /** The better one of the naive forecasts, by name. */
  yardstick: string;
}

/** By how many standard errors the ensemble has to be better; and any single model, of which there are so many that one may be lucky. */
const ENSEMBLE_LEAD = 1;
const SINGLE_LEAD = 2.5;

interface Rated {
  contender: Contender;
  /** Mean absolute error of each origin. */
  errors: number[];
}

/**
 * Which forecast to give: the model that was asked for; otherwise the ensemble where it clearly beats the better of the naive forecasts;
 * otherwise a single model that does so very clearly; otherwise that naive forecast.
 *
 * @param named the model that is asked for; null, or one that has nothing to say: any
 */
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
  const yardstick = best(
    rated.filter(({ contender }) => YARDSTICKS.some(each => each.name === contender.name)),
  );
  const { name } = yardstick.contender;
  const overlap = overlapOf(plan, values.length);
  const beats = ({ errors }: Rated, lead: number): boolean =>
    leadOf(
      yardstick.errors.map((error, index) => error - (errors[index] as number)),
      overlap,
    ) >= lead;
  const isTried = plan.origins.length >= FEWEST_ORIGINS;
  const asked = rated.find(({ contender }) => contender.name === named);
  if (asked !== undefined)
    return {
      contender: asked.contender,
      beatsNaive: isTried ? beats(asked, ENSEMBLE_LEAD) : null,
      yardstick: name,
    };
  if (!isTried) return { contender: yardstick.contender, beatsNaive: null, yardstick: name };
  const ensemble = rated.find(({ contender }) => contender.name === ENSEMBLE);
  if (ensemble !== undefined && beats(ensemble, ENSEMBLE_LEAD))
    return { contender: ensemble.contender, beatsNaive: true, yardstick: name };
  const single = best(rated);
  return beats(single, SINGLE_LEAD)
    ? { contender: single.contender, beatsNaive: true, yardstick: name }
    : { contender: yardstick.contender, beatsNaive: false, yardstick: name };
}

/** With the least error over all origins. */
function best(rated: readonly Rated[]): Rated {
  const total = ({ errors }: Rated): number => errors.reduce((sum, error) => sum + error, 0);
  return rated.reduce((least, other) => (total(other) < total(least) ? other : least));
}

/** How many of the next origins forecast values that this one forecasts too. */
function overlapOf({ origins, steps }: Plan, length: number): number {
  const spacing = (length - (origins[0] ?? 0)) / Math.max(origins.length, 1);
  return Math.ceil(steps / spacing);
}

/**
 * By how many standard errors the mean of the differences lies above 0.
 *
 * - Convention: neighbouring differences share values and go together: their covariances count, with Bartlett's weights, for as many origins
 *   as overlap, at most a third of all. 0 where the mean is not above 0.
 * - Cost: O(n * overlap).
 * - Source: Diebold and Mariano, "Comparing Predictive Accuracy", Journal of Business and Economic Statistics 13 (1995), 253-263.
 */
function leadOf(differences: readonly number[], overlap: number): number {
  const { length } = differences;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / length;
  if (!(mean > 0)) return 0;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let at = lag; at < length; at += 1)
      sum += ((differences[at] as number) - mean) * ((differences[at - lag] as number) - mean);
    return sum / length;
  };
  const lags = Math.min(overlap, Math.floor(length / 3));
  let variance = covariance(0);
  for (let lag = 1; lag <= lags; lag += 1) variance += 2 * (1 - lag / (lags + 1)) * covariance(lag);
  return variance > 0 ? mean / Math.sqrt(variance / length) : Number.POSITIVE_INFINITY;
}
