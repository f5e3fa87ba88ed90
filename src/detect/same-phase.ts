/**
 * Same phase: how far the last hours of a series are from what was there at the same time of earlier days (or seasons).
 *
 * - Purpose: sees ordinary values at an unusual time: a night without its backup, a quiet Monday noon, a holiday.
 * - Convention: the period is the given one, or a day where the times show how many observations make one; without either it has
 *   no opinion, nor in the first season. A piece half an hour early or late (1/48 of the period) is still the same phase.
 * - Cost: one step for each remembered piece of the same phase, at most 4 % of them; 0.4 microseconds.
 * - Source: the left matrix profile, as in novelty.ts, held to the lags of the season.
 */
export interface SamePhase {
  /** The distance at each of the scales, Infinity where there is nothing to compare with yet; null without a period. Then learns the value. */
  next(value: number, timeMs: number | null): Float64Array | null;
}

const MEMORY = 4000;
const TOLERANCE = 1 / 48;
/** How fast the weight of earlier values falls, in values. */
const SCALES = [12, 48] as const;
const [SHORT_DECAY = 0, LONG_DECAY = 0] = SCALES.map(scale => Math.exp(-1 / scale));
const DAY_MS = 86_400_000;
/** Steps between times that are looked at for their median. */
const STEPS = 20;

export function beginSamePhase(period: number | null): SamePhase {
  const values = new Float64Array(MEMORY);
  const steps: number[] = [];
  let season = period === null ? null : beginSeason(period);
  let before: number | null = null;
  let seen = 0;
  const learnStep = (timeMs: number | null): void => {
    if (season !== null || timeMs === null) return;
    if (before !== null) steps.push(timeMs - before);
    before = timeMs;
    if (steps.length < STEPS) return;
    season = beginSeason(DAY_MS / (steps.sort((a, b) => a - b)[STEPS / 2] ?? DAY_MS));
  };
  return {
    next(value, timeMs) {
      learnStep(timeMs);
      if (season !== null) compare(values, seen, value, season);
      values[seen++ % MEMORY] = value;
      return season === null || season.lags.length === 0 ? null : season.distances;
    },
  };
}

interface Season {
  lags: Int32Array;
  /** For each lag the weighted sums of squared differences. */
  short: Float64Array;
  long: Float64Array;
  distances: Float64Array;
}

function beginSeason(period: number): Season {
  const lags = lagsOf(period);
  const sums = (): Float64Array => new Float64Array(lags.length);
  return { lags, short: sums(), long: sums(), distances: new Float64Array(SCALES.length) };
}

/** Brings the sums of each lag up to date, and takes the smallest of those that are of a whole piece. */
function compare(values: Float64Array, seen: number, value: number, season: Season): void {
  const { lags, short, long, distances } = season;
  let leastShort = Number.POSITIVE_INFINITY;
  let leastLong = Number.POSITIVE_INFINITY;
  for (let index = 0; index < lags.length; index++) {
    const lag = lags[index] ?? 0;
    if (lag > seen) break;
    const square = (value - (values[(seen - lag) % MEMORY] ?? 0)) ** 2;
    const shortSum = (short[index] ?? 0) * SHORT_DECAY + square;
    const longSum = (long[index] ?? 0) * LONG_DECAY + square;
    short[index] = shortSum;
    long[index] = longSum;
    if (shortSum < leastShort && lag <= seen - SCALES[0]) leastShort = shortSum;
    if (longSum < leastLong && lag <= seen - SCALES[1]) leastLong = longSum;
  }
  distances[0] = Math.sqrt(leastShort * (1 - SHORT_DECAY));
  distances[1] = Math.sqrt(leastLong * (1 - LONG_DECAY));
}

/** All lags that are within the tolerance of whole periods, ascending. */
function lagsOf(period: number): Int32Array {
  const lags: number[] = [];
  if (!(period >= 2)) return Int32Array.from(lags);
  for (let lag = Math.ceil(period / 2); lag < MEMORY; lag++) {
    const phase = lag / period;
    if (Math.abs(phase - Math.round(phase)) <= TOLERANCE) lags.push(lag);
  }
  return Int32Array.from(lags);
}
