import { kruskalWallis } from '../stats/kruskal-wallis.ts';
import { period } from '../stats/period.ts';
import { quantile } from '../stats/quantile.ts';

/**
 * What a rhythm adds to a value, in the metric's unit, as the median of its phase less the median of all.
 *
 * - `run`: every so many runs; effect 0 is that of the first value
 * - `hour`: by hour of the day (UTC), from 0 to 23; 0 where no run was in that hour
 */
export interface Season {
  by: 'run' | 'hour';
  effects: number[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Cycles before a rhythm can be told from chance. */
const FEWEST_CYCLES = 3;
/** Of a rhythm that is found rather than told. */
const ALPHA = 0.001;
/** The search for a period compares all values with all. */
const MOST = 2_000;

/**
 * The season of a metric, where there is one.
 *
 * - Purpose: a run at noon is to be compared with noon.
 * - Convention: by hour of the day where times are known and cover three days, else every so many runs. What is found has to differ between
 *   its phases beyond chance (Kruskal and Wallis, p below 0.001), each day or cycle giving one value a phase. A period that is told
 *   is taken as it is, where two of it are there.
 * - Cost: O(n log n); the search for a period O(n^2) of the newest 2,000 values.
 *
 * @param timesMs of the values, or null
 * @param told runs per season; null: to be found
 */
export function seasonIn(
  values: readonly number[],
  timesMs: readonly number[] | null,
  told: number | null,
): Season | null {
  if (told !== null) return toldSeason(values, Math.round(told));
  return (timesMs === null ? null : hourlySeason(values, timesMs)) ?? everySoManyRuns(values);
}

function toldSeason(values: readonly number[], length: number): Season | null {
  if (length < 2 || values.length < 2 * length) return null;
  return { by: 'run', effects: effectsOf(values, byPlace(values, length, 0)) };
}

/** The rhythm of the day, where there is one that can be told from chance. */
export function hourlySeason(values: readonly number[], timesMs: readonly number[]): Season | null {
  const days = new Map<string, { hour: number; values: number[] }>();
  values.forEach((value, index) => {
    const time = timesMs[index] ?? 0;
    const hour = hourOf(time);
    const key = `${Math.floor(time / DAY_MS)} ${hour}`;
    const known = days.get(key) ?? { hour, values: [] };
    known.values.push(value);
    days.set(key, known);
  });
  const groups: number[][] = Array.from({ length: 24 }, () => []);
  for (const each of days.values()) groups[each.hour]?.push(quantile(each.values, 0.5) ?? 0);
  const isEnough = groups.filter(({ length }) => length >= FEWEST_CYCLES).length >= 2;
  return isEnough && isReal(groups) ? { by: 'hour', effects: effectsOf(values, groups) } : null;
}

function everySoManyRuns(values: readonly number[]): Season | null {
  const first = Math.max(0, values.length - MOST);
  const length = period(values.slice(first));
  if (length === null || values.length < FEWEST_CYCLES * length) return null;
  const groups = byPlace(values, length, first);
  return isReal(groups) ? { by: 'run', effects: effectsOf(values, groups) } : null;
}

function byPlace(values: readonly number[], length: number, first: number): number[][] {
  const groups: number[][] = Array.from({ length }, () => []);
  for (let index = first; index < values.length; index++) groups[index % length]?.push(values[index] ?? 0);
  return groups;
}

function isReal(groups: readonly number[][]): boolean {
  const test = kruskalWallis(groups);
  return test !== null && test.p < ALPHA;
}

function effectsOf(values: readonly number[], groups: readonly number[][]): number[] {
  const middle = quantile(values, 0.5) ?? 0;
  return groups.map(group => (quantile(group, 0.5) ?? middle) - middle);
}

/**
 * The values less what the season adds to them: to be compared with others of another phase.
 *
 * @param first how many runs lie between the first value that the season was made of and the first of these
 */
export function withoutSeason(
  values: readonly number[],
  timesMs: readonly number[] | null,
  season: Season | null,
  first = 0,
): number[] {
  if (season === null) return [...values];
  return values.map(
    (value, index) => value - (season.effects[phaseOf(season, first + index, timesMs?.[index] ?? 0)] ?? 0),
  );
}

function phaseOf({ by, effects }: Season, place: number, timeMs: number): number {
  return by === 'run' ? place % effects.length : hourOf(timeMs);
}

function hourOf(timeMs: number): number {
  return Math.floor((((timeMs % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
}
