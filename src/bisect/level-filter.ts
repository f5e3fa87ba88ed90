import { logGamma } from '../stats/log-gamma.ts';

/** Degrees of freedom of the noise: its tails are heavy, so that one wild run proves little. */
const FREEDOM = 4;

const LOG_FACTOR = logGamma((FREEDOM + 1) / 2) - logGamma(FREEDOM / 2) - 0.5 * Math.log(FREEDOM * Math.PI);

/** What is believed of the level and the change by one filter: means, and their covariance. */
export interface Belief {
  level: number;
  change: number;
  levelVariance: number;
  covariance: number;
  changeVariance: number;
}

/** What a filter takes for granted: the size of the noise, and how far the level wanders from one run to the next. */
export interface FilterSettings {
  scale: number;
  /** Variance of one step of the level. */
  wander: number;
}

/** Values between which nothing can be told apart. */
export function vagueBelief(level: number, spread: number): Belief {
  return { level, change: 0, levelVariance: spread ** 2, covariance: 0, changeVariance: spread ** 2 };
}

/**
 * One step of a filter that follows a level which wanders, and a change that some runs have on top of it.
 *
 * - Purpose: says how well a run fits, given all before it, where some runs are of the program before a change and others after it, while
 *   the machine becomes faster and slower by itself.
 * - Convention: the state is (level, change); the level takes a random step before each run, the change stays. A run is level (+ change)
 *   + noise of Student's t with 4 degrees. A run far from what was expected moves the state the less the farther it is.
 * - Cost: O(1), some 40 operations. The belief is changed in place.
 * - Source: the local level model of Harvey, "Forecasting, Structural Time Series Models and the Kalman Filter" (1989), section 2; noise
 *   with heavy tails by weights: Lange, Little and Taylor, "Robust Statistical Modeling Using the t Distribution", JASA 84 (1989),
 *   881-896; in a filter: West, "Robust Sequential Approximate Bayesian Estimation", JRSS B 43 (1981), 157-166.
 *
 * @param hasChange whether the run is one of the program after the change
 * @returns the logarithm of the density of the value, before it was known
 */
export function follow(belief: Belief, value: number, hasChange: boolean, settings: FilterSettings): number {
  const x = hasChange ? 1 : 0;
  belief.levelVariance += settings.wander;
  const toLevel = belief.levelVariance + x * belief.covariance;
  const toChange = belief.covariance + x * belief.changeVariance;
  const known = toLevel + x * toChange;
  const noise = settings.scale ** 2;
  const surprise = value - belief.level - x * belief.change;
  const distance = surprise ** 2 / (known + noise);
  const total = known + (noise * Math.max(FREEDOM + 3, FREEDOM + distance)) / (FREEDOM + 1);
  const gain = known + (noise * (FREEDOM + distance)) / (FREEDOM + 1);
  belief.level += (toLevel / gain) * surprise;
  belief.change += (toChange / gain) * surprise;
  belief.levelVariance -= toLevel ** 2 / total;
  belief.covariance -= (toLevel * toChange) / total;
  belief.changeVariance -= toChange ** 2 / total;
  return LOG_FACTOR - 0.5 * Math.log(known + noise) - ((FREEDOM + 1) / 2) * Math.log1p(distance / FREEDOM);
}
