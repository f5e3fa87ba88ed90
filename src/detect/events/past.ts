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
  #positions: number[] = [];
  #values: number[] = [];
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

  /** What it knows, as lists of numbers; `restore` takes them. */
  save(): number[][] {
    const { period = 0, harmonics = 0, pattern = [] } = this.season ?? {};
    const season = this.season === null ? [] : [period, harmonics, ...pattern];
    return [this.#values, jumpsOf(this.#positions), this.#bounds, [this.#nextLook], season];
  }

  /** @returns whether the lists are what `save` gives; nothing has changed where not */
  restore([values, jumps, bounds, look, season]: readonly ArrayLike<number>[]): boolean {
    if (!values || !jumps || !bounds || look?.length !== 1 || !season) return false;
    const positions = positionsOf(jumps, values.length);
    const [period = 0, harmonics = 0, ...pattern] = Array.from(season);
    if (positions === null || values.length >= 2 * this.#kept) return false;
    if (!areBounds(bounds, positions.at(-1) ?? 0)) return false;
    if (season.length > 0 && (period < 2 || pattern.length !== period)) return false;
    this.#positions = positions;
    this.#values = Array.from(values);
    this.#bounds = Array.from(bounds);
    this.#nextLook = look[0] ?? 0;
    this.season = season.length === 0 ? null : { period, harmonics, pattern: Float64Array.from(pattern) };
    return true;
  }

  add(position: number, value: number): void {
    this.#positions.push(position);
    this.#values.push(value);
    if (this.#values.length < 2 * this.#kept) return;
    this.#positions.splice(0, this.#kept);
    this.#values.splice(0, this.#kept);
    const [oldest = 0] = this.#positions;
    const gone = this.#bounds.findLastIndex(bound => bound <= oldest);
    this.#bounds.splice(0, Math.max(0, gone)); // the segment that reaches back beyond what is kept stays
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
    const begin = this.#begin();
    const values = this.#since(begin);
    const cuts = this.#bounds.map(bound => bound - begin).filter(cut => cut > 0);
    const withLevels = this.#fit(values, begin, cuts);
    const asOne = cuts.length === 0 ? null : this.#fit(values, begin, []);
    if (asOne === null || asOne.gain < (withLevels?.gain ?? 0) + CLEARLY_BETTER)
      return withLevels?.season ?? null;
    this.#bounds = [begin];
    return asOne.season;
  }

  /** The first of the newest observations: as many as are kept, and no more than as many again without a value. */
  #begin(): number {
    const first = this.#positions[Math.max(0, this.#values.length - this.#kept)] ?? 0;
    return Math.max(first, (this.#positions.at(-1) ?? 0) - 2 * this.#kept);
  }

  /** The values from an observation on, each at its place; NaN where one is missing. */
  #since(begin: number): Float64Array {
    const places = new Float64Array((this.#positions.at(-1) ?? 0) - begin + 1).fill(Number.NaN);
    for (let at = this.#positions.length - 1; at >= 0; at -= 1) {
      const place = (this.#positions[at] ?? 0) - begin;
      if (place < 0) break;
      places[place] = this.#values[at] ?? 0;
    }
    return places;
  }

  /** Levels and season in turn, each from what the other leaves. */
  #fit(values: Float64Array, first: number, cuts: readonly number[]): FoundSeason | null {
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
  values: Float64Array,
  first: number,
  cuts: readonly number[],
  season: Season | null,
): Float64Array {
  const left = new Float64Array(values.length);
  const edges = [0, ...cuts, values.length];
  edges.slice(1).forEach((end, index) => {
    const start = edges[index] ?? 0;
    let sum = 0;
    let count = 0;
    for (let at = start; at < end; at += 1) {
      const value = values[at] ?? 0;
      if (Number.isNaN(value)) continue;
      sum += value - (season === null ? 0 : seasonAt(season, first + at));
      count += 1;
    }
    const level = sum / Math.max(1, count);
    for (let at = start; at < end; at += 1) left[at] = (values[at] ?? 0) - level;
  });
  return left;
}

/** Positions mostly follow one another: only where one does not are its place and itself noted. */
function jumpsOf(positions: readonly number[]): number[] {
  return positions.flatMap((position, place) =>
    position === (positions[place - 1] ?? Number.NaN) + 1 ? [] : [place, position],
  );
}

/** The other way round; null where they are none, or do not ascend. */
function positionsOf(jumps: ArrayLike<number>, count: number): number[] | null {
  const known = new Map<number, number>();
  for (let at = 0; at < jumps.length; at += 2) known.set(jumps[at] ?? 0, jumps[at + 1] ?? 0);
  const positions: number[] = [];
  for (let place = 0; place < count; place += 1) {
    const before = positions[place - 1] ?? -1;
    const position = known.get(place) ?? before + 1;
    if (!Number.isSafeInteger(position) || position <= before) return null;
    positions.push(position);
  }
  return positions;
}

function areBounds(bounds: ArrayLike<number>, last: number): boolean {
  const isBound = (bound: number, at: number): boolean =>
    Number.isInteger(bound) && bound >= 0 && bound <= last && (at === 0 || bound > (bounds[at - 1] ?? 0));
  return bounds.length > 0 && Array.from(bounds).every(isBound);
}
