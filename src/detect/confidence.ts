import type { Kind } from '../glossary/event.ts';
import { RecentVotes } from './recent-votes.ts';
import { type RunEvent, TOGETHER } from './run-events.ts';
import type { Told } from './verdict.ts';

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
  const features = featuresOf(evidence);
  let logOdds = 0;
  for (let place = 0; place < features.length; place++)
    logOdds += (features[place] ?? 0) * (coefficients[place] ?? 0);
  return Math.min(1, evidence.strength) ** FADING / (1 + Math.exp(-logOdds));
}

/** How sure it is that there is a change: joins what is seen in a series with how it is voted on. */
export class Confidence {
  readonly #votes = new RecentVotes();
  #told: Told | null = null;

  /** The newest episode that was noticed, as it is seen from the newest observation. */
  get told(): Told | null {
    return this.#told;
  }

  /** What it knows, as lists of numbers; `restore` takes them. */
  save(): (readonly number[])[] {
    const told = this.#told;
    const isOf = (value: boolean): number => (value ? 1 : 0);
    return [
      told === null
        ? []
        : [
            ...[isOf(told.kind === 'shift'), isOf(told.direction === 'above'), told.confidence],
            ...[told.ago, told.beganAgo],
          ],
      this.#votes.save(),
    ];
  }

  restore([told, votes]: readonly ArrayLike<number>[]): void {
    const [isShift, isAbove, confidence = 0, ago = 0, beganAgo = 0] = Array.from(told ?? []);
    const [kind, direction] = [isShift === 1 ? 'shift' : 'spike', isAbove === 1 ? 'above' : 'below'] as const;
    this.#told = isShift === undefined ? null : { kind, direction, confidence, ago, beganAgo };
    this.#votes.restore(votes ?? []);
  }

  /** @param vote of the z-score on the value that the event is of, from 0 to 1; null where it has none */
  next(event: RunEvent, vote: number | null): number {
    if (this.#told !== null) this.#told = aged(this.#told);
    if (event.spikeStrength === null) return 0;
    this.#votes.push(vote);
    const confidence = this.#confidenceIn(event, event.spikeStrength);
    const { kind, direction, beganAgo } = event;
    if (kind !== null && direction !== null)
      this.#told = { kind, direction, confidence, ago: 0, beganAgo: beganAgo ?? 0 };
    return confidence;
  }

  #confidenceIn(event: RunEvent, spikeStrength: number): number {
    // Just after an outlier, which is in its window by then, a z-score is dull: the votes on the values just before count too.
    const spike = this.#confidence('spike', spikeStrength, event.event ? 1 : 1 + TOGETHER);
    if (event.kind === 'spike') return spike;
    const shift = this.#confidence('shift', event.shiftStrength ?? 0, event.shiftValues);
    return Math.max(shift, event.kind === 'shift' ? 0 : spike, this.#toldOf(event));
  }

  #confidence(kind: Kind, strength: number, values: number): number {
    return values === 0 ? 0 : confidenceOf({ kind, strength, values, vote: this.#votes.highest(values) });
  }

  /**
   * What was sure of a spike has not become less sure when the next value is as far out, or when it was the first one of a shift: they
   * are of one episode.
   */
  #toldOf({ kind, isAbove, beganAgo, spikeStrength }: RunEvent): number {
    const told = this.#told;
    if (told?.kind !== 'spike' || (told.direction === 'above') !== isAbove) return 0;
    const isOfIt =
      kind === 'shift' ? told.ago <= (beganAgo ?? 0) + 1 : (spikeStrength ?? 0) > 1 && told.ago <= TOGETHER;
    return isOfIt ? told.confidence : 0;
  }
}

function aged(told: Told): Told {
  return { ...told, ago: told.ago + 1, beganAgo: told.beganAgo + 1 };
}
