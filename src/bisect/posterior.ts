import { medianAbsoluteDeviation } from '../stats/spread.ts';
import { type Belief, type FilterSettings, follow, vagueBelief } from './level-filter.ts';

/** Sizes of the noise that are thought possible, as multiples of what the first runs show. */
const SCALES = [0.3, 0.45, 0.67, 1, 1.5, 2.2, 3.3];
/** How far the level may wander from run to run, as a variance in that of the noise, and how likely that is before anything is known. */
const WANDERS = [
  { share: 0, weight: 0.4 },
  { share: 0.003, weight: 0.2 },
  { share: 0.03, weight: 0.2 },
  { share: 0.3, weight: 0.15 },
  { share: 2, weight: 0.05 },
];
const TO_DEVIATION = 1.4826;

/** A change between two values, on the scale of the values. */
export interface ChangeBelief {
  change: number;
  deviation: number;
}

/** One filter, how well it has foretold the runs so far, and how likely it was before. */
interface Filter {
  settings: FilterSettings;
  belief: Belief;
  logEvidence: number;
}

/** Suppositions that no run has told apart so far: the change came with one of these places. */
interface Group {
  first: number;
  last: number;
  filters: Filter[];
}

/**
 * Which commit brought the change: a probability for each, kept up to date with every run.
 *
 * - Purpose: bisection where each run may mislead.
 * - Convention: commits have places 0 (good) to `last` (bad); the change came with one of 1 to `last`, before anything is known each as
 *   likely as another. Under each of these suppositions a bank of filters (level-filter.ts) follows the runs: for sizes of the noise and
 *   of the machine's wandering that are not known. A supposition is as likely as its filters have foretold the runs, summed over the bank
 *   ("prequential": each value is foretold from those before it alone). Neighbours between which no commit was run share their bank.
 * - Cost: O(35 x commits that were run) a run, however many there are.
 * - Source: A. P. Dawid, "Statistical Theory: The Prequential Approach", JRSS A 147 (1984), 278-292; noisy bisection by a posterior:
 *   M. Horstein, "Sequential Transmission Using Noiseless Feedback", IEEE Transactions on Information Theory 9 (1963), 136-143.
 */
export class Posterior {
  readonly #last: number;
  #groups: Group[];

  /** @param good, bad some first values of both ends; they are not taken in */
  constructor(last: number, good: readonly number[], bad: readonly number[]) {
    this.#last = last;
    const [middle, scale, spread] = sizesOf(good, bad);
    const filters = SCALES.flatMap(factor =>
      WANDERS.map(
        ({ share, weight }): Filter => ({
          settings: { scale: scale * factor, wander: share * (scale * factor) ** 2 },
          belief: vagueBelief(middle, spread),
          logEvidence: Math.log(weight / SCALES.length),
        }),
      ),
    );
    this.#groups = [{ first: 1, last, filters }];
  }

  /** Takes in the value of a run of the commit at a place. */
  saw(place: number, value: number): void {
    this.#groups = this.#groups.flatMap(group => split(group, place));
    for (const { first, filters } of this.#groups) {
      for (const filter of filters)
        filter.logEvidence += follow(filter.belief, value, place >= first, filter.settings);
    }
  }

  /** For each place how likely it is that the change came with it; 0 for the first. */
  probabilities(): Float64Array {
    const highest = Math.max(...this.#groups.flatMap(({ filters }) => filters.map(each => each.logEvidence)));
    const likely = new Float64Array(this.#last + 1);
    for (const { first, last, filters } of this.#groups) {
      const evidence = filters.reduce((sum, { logEvidence }) => sum + Math.exp(logEvidence - highest), 0);
      likely.fill(evidence, first, last + 1);
    }
    const sum = likely.reduce((total, each) => total + each, 0);
    return likely.map(each => each / sum);
  }

  /** What is believed of the change, if it came with the commit at this place. */
  changeAt(place: number): ChangeBelief {
    const filters = this.#groups.find(({ first, last }) => first <= place && place <= last)?.filters ?? [];
    const highest = Math.max(...filters.map(({ logEvidence }) => logEvidence));
    const weights = filters.map(({ logEvidence }) => Math.exp(logEvidence - highest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const over = (value: (belief: Belief) => number): number =>
      filters.reduce((sum, { belief }, index) => sum + ((weights[index] ?? 0) / total) * value(belief), 0);
    const change = over(belief => belief.change);
    const variance = over(belief => belief.changeVariance + (belief.change - change) ** 2);
    return { change, deviation: Math.sqrt(variance) };
  }
}

/** A run at this place tells suppositions up to it from those behind it: each half goes on by itself. */
function split(group: Group, place: number): Group[] {
  if (place < group.first || place >= group.last) return [group];
  const copies = group.filters.map(filter => ({ ...filter, belief: { ...filter.belief } }));
  return [
    { ...group, last: place },
    { first: place + 1, last: group.last, filters: copies },
  ];
}

/** The middle of the values, the size of their noise, and a distance in which everything lies. */
function sizesOf(
  good: readonly number[],
  bad: readonly number[],
): [middle: number, scale: number, spread: number] {
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
  const [before, after] = [sum(good) / good.length, sum(bad) / bad.length];
  const change = Math.abs(after - before);
  const deviations = [good, bad].map(values => TO_DEVIATION * (medianAbsoluteDeviation(values) ?? 0));
  // Values without any noise would leave no room for the first one that has some.
  const scale = Math.max(
    Math.hypot(...deviations) / Math.SQRT2,
    change / 50,
    Math.abs(before) * 1e-9,
    1e-300,
  );
  return [(before + after) / 2, scale, 20 * Math.max(change, scale)];
}
