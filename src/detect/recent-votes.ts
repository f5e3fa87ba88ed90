import { MOST_VALUES } from './events/shift.ts';

/** A vote further from the middle says no more. */
const FARTHEST = 2;

/**
 * What a detector voted on the newest values of a series, as many as a change may show over, each as the logarithm of its odds: 0 is where it
 * would flag by itself.
 */
export class RecentVotes {
  /** Newest last. */
  readonly #votes: number[] = [];

  /** @param vote from 0 to 1; null, where the detector knows too little yet, counts as one in the middle */
  push(vote: number | null): void {
    const logOdds = vote === null ? 0 : Math.log(vote / (1 - vote));
    this.#votes.push(Math.min(Math.max(logOdds, -FARTHEST), FARTHEST));
    if (this.#votes.length > MOST_VALUES) this.#votes.shift();
  }

  /** The highest of the newest so many; the lowest possible where there are none. */
  highest(count: number): number {
    let most = -FARTHEST;
    for (let at = Math.max(0, this.#votes.length - count); at < this.#votes.length; at += 1)
      most = Math.max(most, this.#votes[at] ?? most);
    return most;
  }

  save(): readonly number[] {
    return this.#votes;
  }

  restore(votes: ArrayLike<number>): void {
    this.#votes.splice(0, MOST_VALUES, ...Array.from(votes).slice(-MOST_VALUES));
  }
}
