import { seededRandom } from '../stats/random.ts';
import { changeOf, placesBetween, type Seen, valuesAt } from './answer.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { BisectEnd, BisectionSettings, BisectStep } from './end.ts';
import { credibleRange, type Gap, gapsOf, likeliest, mostTelling } from './places.ts';
import { Posterior } from './posterior.ts';
import { type BisectScale, bisectScale } from './scale.ts';

/** The answer is given once it is so sure: what is left of the 5 % that it may err is for what no model foresees. */
const CONFIDENCE = 0.99;
/** Of an answer that had to be given with too few runs. */
const RANGE_CONFIDENCE = 0.95;
/** So many runs at least on either side of the answer: a single one may be wild. */
const FEWEST_BESIDE = 2;
/** After so many runs of commits in between comes one of an end, good and bad in turn: the machine may have changed. */
const RUNS_BETWEEN_ENDS = 2;
/** So many failures of a commit that never succeeded, and it is left out; so many of one that did at times. */
const FAILURES = { always: 2, sometimes: 5 };
/** The share of the runs that may go into finding out whether good and bad differ at all; never fewer than so many pairs. */
const ENDS = { share: 0.4, fewestPairs: 6 };

/**
 * A bisection over runs that may mislead: says which commit is to be run next, until it is sure.
 *
 * First good and bad by turns, until they differ for certain (difference.ts); then the commit whose run tells most (places.ts), by the
 * probability of each commit (posterior.ts), with runs of good and bad in between.
 */
export class Bisection {
  readonly #last: number;
  readonly #settings: BisectionSettings;
  readonly #random: () => number;
  readonly #seen: Seen[] = [];
  readonly #failures = new Map<number, number>();
  readonly #skipped = new Set<number>();
  #runs = 0;
  /** The next places, decided together. */
  #queue: number[] = [];
  #search: { posterior: Posterior; scale: BisectScale } | null = null;
  #runsSinceEnd = 0;
  #nextEnd: number;
  #end: BisectEnd | null = null;

  /** @param last place of the bad commit, 1 or more; the good one has 0 */
  constructor(last: number, settings: BisectionSettings) {
    this.#last = last;
    this.#settings = settings;
    this.#random = seededRandom(settings.seed);
    this.#nextEnd = this.#random() < 0.5 ? 0 : last;
  }

  /** What is to be done next. Asked again without anything in between it says the same. */
  next(): BisectStep {
    const broken = [0, this.#last].find(place => this.#skipped.has(place));
    if (broken !== undefined) this.#end = { kind: 'unusable', place: broken };
    this.#queue = this.#queue.filter(place => !this.#skipped.has(place));
    while (this.#end === null && this.#queue.length === 0) this.#decide();
    return this.#end === null ? { kind: 'run', place: this.#queue[0] ?? 0 } : { kind: 'end', end: this.#end };
  }

  /** A run of the commit at a place: its value; null where it failed or had none. */
  saw(place: number, value: number | null): void {
    this.#runs++;
    if (value === null) this.#failed(place);
    else this.#succeeded(place, value);
  }

  #succeeded(place: number, value: number): void {
    if (this.#queue[0] === place) this.#queue.shift();
    this.#seen.push({ place, value });
    this.#search?.posterior.saw(place, this.#search.scale.of(value));
    this.#runsSinceEnd = place === 0 || place === this.#last ? 0 : this.#runsSinceEnd + 1;
  }

  /** A commit that cannot be run. */
  skip(place: number): void {
    this.#skipped.add(place);
  }

  /** The places that are left out, in the order in which that was decided. */
  skipped(): number[] {
    return [...this.#skipped];
  }

  /** By place, how likely it is by now that the change came with that commit; null before the search has begun. */
  probabilities(): Float64Array | null {
    return this.#search?.posterior.probabilities() ?? null;
  }

  #failed(place: number): void {
    const failures = (this.#failures.get(place) ?? 0) + 1;
    this.#failures.set(place, failures);
    const most = valuesAt(this.#seen, place).length === 0 ? FAILURES.always : FAILURES.sometimes;
    if (failures >= most) this.skip(place);
  }

  #decide(): void {
    if (this.#search === null) this.#compareEnds();
    else this.#chooseBetween(this.#search.posterior);
  }

  #chooseBetween(posterior: Posterior): void {
    const gaps = gapsOf(posterior.probabilities(), place => !this.#skipped.has(place));
    const best = likeliest(gaps);
    const isSure = best.probability >= CONFIDENCE;
    const lacking = [best.before, best.after].find(
      place => valuesAt(this.#seen, place).length < FEWEST_BESIDE,
    );
    if (isSure && lacking === undefined) this.#end = this.#answer('found', best);
    else if (this.#runs >= this.#settings.maxRuns)
      this.#end = this.#answer('undecided', credibleRange(gaps, RANGE_CONFIDENCE));
    else if (this.#runsSinceEnd >= RUNS_BETWEEN_ENDS) this.#queue = [this.#turnOfEnd()];
    else {
      const place = (isSure ? lacking : mostTelling(gaps)) ?? this.#turnOfEnd();
      const count = Math.min(this.#settings.runsPerStep, this.#settings.maxRuns - this.#runs);
      this.#queue = Array<number>(count).fill(place);
    }
  }

  #turnOfEnd(): number {
    const place = this.#nextEnd;
    this.#nextEnd = this.#last - place;
    return place;
  }

  /** Good and bad in pairs, of either order, until it shows whether they differ. */
  #compareEnds(): void {
    const [good, bad] = [valuesAt(this.#seen, 0), valuesAt(this.#seen, this.#last)];
    const pairs = Math.min(good.length, bad.length);
    const scale = pairs === 0 ? null : bisectScale(good, bad);
    const { verdict, shift } = scale === null ? UNSEEN : this.#difference(scale, good, bad, pairs);
    if (verdict === 'more' || scale === null) {
      this.#queue = this.#random() < 0.5 ? [0, this.#last] : [this.#last, 0];
    } else if (verdict === 'differ') {
      this.#begin(scale, good, bad);
    } else {
      const [low, high] = [shift?.interval?.low, shift?.interval?.high];
      const percent = (distance = Number.NaN): number | null => finite(scale.percent(distance));
      this.#end = { kind: 'alike', low: percent(low), high: percent(high) };
    }
  }

  #difference(
    scale: BisectScale,
    good: readonly number[],
    bad: readonly number[],
    pairs: number,
  ): Difference {
    const { maxRuns, thresholdPercent } = this.#settings;
    return differenceOf(onScale(scale, good), onScale(scale, bad), {
      pairs,
      mostPairs: Math.max(ENDS.fewestPairs, Math.floor((maxRuns * ENDS.share) / 2)),
      threshold: scale.distance(thresholdPercent),
    });
  }

  #begin(scale: BisectScale, good: readonly number[], bad: readonly number[]): void {
    const posterior = new Posterior(this.#last, onScale(scale, good), onScale(scale, bad));
    for (const { place, value } of this.#seen) posterior.saw(place, scale.of(value));
    this.#search = { posterior, scale };
  }

  #answer(kind: 'found' | 'undecided', { before, after, probability }: Gap): BisectEnd {
    const { posterior, scale } = this.#search ?? unbegun();
    return {
      ...{ kind, first: before + 1, last: after, probability },
      change: changeOf(this.#seen, this.#last, scale, posterior.changeAt(after)),
      between: placesBetween(this.#seen, this.#last, scale),
    };
  }
}

const UNSEEN: Difference = { verdict: 'more', shift: null };

const onScale = (scale: BisectScale, values: readonly number[]): number[] =>
  values.map(value => scale.of(value));

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

function unbegun(): never {
  throw new Error('never: an answer comes out of a search');
}
