import type { Kind } from '../glossary/event.ts';
import { RecentVotes } from './recent-votes.ts';
import { type RunEvent, TOGETHER } from './run-events.ts';

/** Strengths above this say no more. */
const MOST_STRENGTH = 4;
/** What is weaker than asked for fades quickly. */
const FADING = 6;
/** Between which a vote on a shift says something. */
const SHIFT_VOTES = { least: -1.2, most: -0.2 };

/** What speaks for a change of that kind. */
export interface Evidence {
  kind: Kind;
  /** The statistic over what is asked for: 1 is just enough. */
  strength: number;
  /** Over how many values it was gathered. */
  values: number;
  /** The highest vote of the z-score on these values, as in `RecentVotes`. */
  vote: number;
}

/** What the logarithm of the odds that a change is real is made of: a sum of these, each times its coefficient. */
export function featuresOf({ kind, strength, values, vote }: Evidence): number[] {
  const counted = Math.log(Math.min(Math.max(strength, 1), MOST_STRENGTH));
  if (kind === 'spike') return [1, counted, vote];
  const { least, most } = SHIFT_VOTES;
  return [1, counted, Math.log(values), Math.min(Math.max(vote, least), most)];
}

/**
 * Those of a logistic regression over synthetic series of every kind; `test/bench/detect/calibrate.ts` makes them again. In round
 * numbers: the errors of the coefficients are larger than what is rounded away.
 */
const COEFFICIENTS = { shift: [3.4, 1.9, -0.5, 3.5], spike: [-1.5, 8.6, 2.6] };

/**
 * How likely it is that there is a real change: calibrated, so that of the events with a confidence of 0.8 about 80 % are right.
 *
 * - The odds are a power of the strength. A change that shows only late is more often none.
 * - What looks like a shift, while none of its values is far from the last 50, is mostly a wave: the first days of a season.
 * - Further votes would add nothing. Beside the z-score's that of the seasonal ESD moves the log-loss in the third decimal, and the
 *   rule's counts against a change.
 *
 * Source: Platt, "Probabilistic outputs for support vector machines", Advances in Large Margin Classifiers (1999).
 */
function confidenceOf(evidence: Evidence): number {
  const coefficients = COEFFICIENTS[evidence.kind];
  let logOdds = 0;
  for (const [place, feature] of featuresOf(evidence).entries())
    logOdds += feature * (coefficients[place] ?? 0);
  return Math.min(1, evidence.strength) ** FADING / (1 + Math.exp(-logOdds));
}

/** How sure it is that there is a change: joins what is seen in a series with how it is voted on. */
export class Confidence {
  readonly #votes = new RecentVotes();
  /** The last spike that was told. */
  #spike: { ago: number; isAbove: boolean; confidence: number } | null = null;

  /** What it knows, as lists of numbers; `restore` takes them. */
  save(): (readonly number[])[] {
    const spike = this.#spike;
    const told = spike === null ? [] : [spike.ago, spike.isAbove ? 1 : 0, spike.confidence];
    return [told, this.#votes.save()];
  }

  restore([told, votes]: readonly ArrayLike<number>[]): void {
    const [ago, isAbove, confidence = 0] = Array.from(told ?? []);
    this.#spike = ago === undefined ? null : { ago, isAbove: isAbove === 1, confidence };
    this.#votes.restore(votes ?? []);
  }

  /** @param vote of the z-score on the value that the event is of, from 0 to 1; null where it has none */
  next(event: RunEvent, vote: number | null): number {
    if (this.#spike !== null) this.#spike.ago += 1;
    if (event.spikeStrength === null) return 0;
    this.#votes.push(vote);
    // Just after an outlier, which is in its window by then, a z-score is dull: the votes on the values just before count too.
    const spike = this.#confidence('spike', event.spikeStrength, event.event ? 1 : 1 + TOGETHER);
    if (event.kind === 'spike') return this.#toldSpike(event, spike);
    const shift = this.#confidence('shift', event.shiftStrength ?? 0, event.shiftValues);
    return Math.max(shift, event.kind === 'shift' ? 0 : spike, this.#toldOf(event));
  }

  #confidence(kind: Kind, strength: number, values: number): number {
    return values === 0 ? 0 : confidenceOf({ kind, strength, values, vote: this.#votes.highest(values) });
  }

  #toldSpike({ isAbove }: RunEvent, confidence: number): number {
    this.#spike = { ago: 0, isAbove, confidence };
    return confidence;
  }

  /**
   * What was sure of a spike has not become less sure when the next value is as far out, or when it was the first one of a shift: they
   * are of one episode.
   */
  #toldOf({ kind, isAbove, beganAgo, spikeStrength }: RunEvent): number {
    const spike = this.#spike;
    if (spike === null || spike.isAbove !== isAbove) return 0;
    const isOfIt =
      kind === 'shift' ? spike.ago <= (beganAgo ?? 0) + 1 : (spikeStrength ?? 0) > 1 && spike.ago <= TOGETHER;
    return isOfIt ? spike.confidence : 0;
  }
}
