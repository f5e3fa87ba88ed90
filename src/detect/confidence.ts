import type { Kind } from '../glossary/event.ts';

/** Strengths above this say no more. */
export const MOST_STRENGTH = 4;
/** What is weaker than asked for fades quickly. */
const FADING = 6;

/**
 * How likely it is that there is a real change: calibrated, so that of the events with a confidence of 0.8 about 80 % are right. The
 * coefficients are those of a logistic regression over synthetic series of every kind; `test/bench/detect/calibrate.ts` makes them again.
 *
 * The odds are a power of the strength. In round numbers: the errors of the coefficients are larger than what is rounded away.
 *
 * @param strength the statistic over what is asked for: 1 is just enough
 * @param values over how many the evidence was gathered: a change that shows only late is more often none
 *
 * Source: Platt, "Probabilistic outputs for support vector machines", Advances in Large Margin Classifiers (1999).
 */
export function confidenceOf(kind: Kind, strength: number, values: number): number {
  const counted = Math.log(Math.min(Math.max(strength, 1), MOST_STRENGTH));
  const logOdds = kind === 'shift' ? 2 + 3.3 * counted - 0.4 * Math.log(values) : -0.8 + 9.8 * counted;
  return Math.min(1, strength) ** FADING / (1 + Math.exp(-logOdds));
}
