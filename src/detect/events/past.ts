import { type Season, seasonAt } from './harmonics.ts';
import { type FoundSeason, findSeason } from './season.ts';

const KEPT = 400;
const FIRST_LOOK = 30;
/** A season with all levels as one must be so much better to put the boundaries between them down to itself. */
const CLEARLY_BETTER = 10;
const ROUNDS = 3;

/** The newest values of a series as they came, where its level changed, and the season in them. */
export class Past {
  /** By number of observation; what is missing is not there. */
  readonly #positions: number[] = [];
  readonly #values: number[] = [];
  /** Where a segment begins, as numbers of observations, in order; the last one is the segment that goes on. */
  #bounds: number[] = [0];
  #nextLook = FIRST_LOOK;
  readonly #kept: number;
  readonly #period: number | null;
  season: Season | null = null;

  /** @param period null: found where there is one */
  constructor(period: number | null) {
    this.#period = period;
    this.#kept = Math.max(KEPT, 4 * (period ?? 0));
  }

  add(position: number, value: number): void {
    this.#positions.push(position);
    this.#values.push(value);
    if (this.#values.length < 2 * this.#kept) return;
    this.#positions.splice(0, this.#kept);
    this.#values.splice(0, this.#kept);
  }

  /** The season at an observation; 0 where there is none. */
  seasonal(position: number): number {
    return this.season === null ? 0 : seasonAt(this.season, position);
  }

  /** A new level began so many values ago (1: with the last one). @returns the number of that observation */
  shift(count: number): number {
    const begin = this.#positions.at(-count) ?? 0;
    this.#bounds.push(begin);
    return begin;
  }

  /** The values of the segment that goes on, without their season; all that is kept, after a change of scale. */
  segment(): number[] {
    const begin = this.#bounds.at(-1) ?? 0;
    const from = this.#positions.findIndex(position => position >= begin);
    const positions = this.#positions.slice(Math.max(from, this.#positions.length - this.#kept));
    const values = this.#values.slice(Math.max(from, this.#values.length - this.#kept));
    return values.map((value, index) => value - this.seasonal(positions[index] ?? 0));
  }

  rescale(scale: (value: number) => number): void {
    this.#values.forEach((value, index) => {
      this.#values[index] = scale(value);
    });
    this.season = null;
  }

  /** Looks for a season now and then, ever more rarely. @returns whether it is another one than before */
  look(position: number): boolean {
    if (position < this.#nextLook) return false;
    const known = Math.min(this.#values.length, this.#kept);
    this.#nextLook = position + 1 + Math.max(6, known < this.#kept ? known >> 3 : this.#kept);
    const before = this.season;
    this.season = this.#found();
    return before !== null || this.season !== null;
  }

  /** The season beside the levels as they are known, or, where the levels were only the season, without them. */
  #found(): Season | null {
    const first = Math.max(0, this.#values.length - this.#kept);
    const values = this.#values.slice(first);
    const begin = this.#positions[first] ?? 0;
    const cuts = this.#bounds
      .map(bound => this.#positions.findIndex(position => position >= bound) - first)
      .filter(cut => cut > 0);
    const withLevels = this.#fit(values, begin, cuts);
    const asOne = cuts.length === 0 ? null : this.#fit(values, begin, []);
    if (asOne === null || asOne.gain < (withLevels?.gain ?? 0) + CLEARLY_BETTER)
      return withLevels?.season ?? null;
    this.#bounds = [begin];
    return asOne.season;
  }

  /** Levels and season in turn, each from what the other leaves. */
  #fit(values: readonly number[], first: number, cuts: readonly number[]): FoundSeason | null {
    let found: FoundSeason | null = null;
    let season = this.season;
    for (let round = 0; round < ROUNDS; round += 1) {
      const left = withoutLevels(values, first, cuts, season);
      found = findSeason(left, first, this.#period ?? (round === 0 ? null : (season?.period ?? null)));
      if (found === null) return null;
      season = found.season;
    }
    return found;
  }
}

function withoutLevels(
  values: readonly number[],
  first: number,
  cuts: readonly number[],
  season: Season | null,
): Float64Array {
  const left = new Float64Array(values.length);
  const edges = [0, ...cuts, values.length];
  edges.slice(1).forEach((end, index) => {
    const start = edges[index] ?? 0;
    let sum = 0;
    for (let at = start; at < end; at += 1) {
      sum += (values[at] ?? 0) - (season === null ? 0 : seasonAt(season, first + at));
    }
    const level = sum / Math.max(1, end - start);
    for (let at = start; at < end; at += 1) left[at] = (values[at] ?? 0) - level;
  });
  return left;
}
