/**
 * Same phase: how far the last hour or so of a series is from what was there at the same time of earlier days (or seasons).
 *
 * - Purpose: sees an ordinary value at an unusual time: a night without its backup, a quiet Monday noon.
 * - Convention: the period is the given one, or a day where the times show how many observations make one; without either it has
 *   no opinion, nor in the first season. A piece half an hour early or late (1/48 of the period) is still the same phase.
 * - Cost: one step for each remembered piece of the same phase, at most 4 % of them; 0.3 microseconds.
 * - Source: the matrix profile of novelty.ts, held to the lags of the season.
 */
export interface SamePhase {
  /** The distance; null where there is nothing to compare with. Then learns the value. */
  next(value: number, timeMs: number | null): number | null;
}

const MEMORY = 4000;
const TOLERANCE = 1 / 48;
/** How fast the weight of earlier values falls, in values. */
const SCALE = 12;
const DECAY = Math.exp(-1 / SCALE);
const DAY_MS = 86_400_000;
/** Steps between times that are looked at for their median. */
const STEPS = 20;

export function beginSamePhase(period: number | null): SamePhase {
  const values = new Float64Array(MEMORY);
  const steps: number[] = [];
  let lags = period === null ? null : lagsOf(period);
  let sums = new Float64Array(lags?.length ?? 0);
  let before: number | null = null;
  let seen = 0;
  const learnStep = (timeMs: number | null): void => {
    if (lags !== null || timeMs === null) return;
    if (before !== null) steps.push(timeMs - before);
    before = timeMs;
    if (steps.length < STEPS) return;
    lags = lagsOf(DAY_MS / (steps.sort((a, b) => a - b)[STEPS / 2] ?? DAY_MS));
    sums = new Float64Array(lags.length);
  };
  return {
    next(value, timeMs) {
      learnStep(timeMs);
      const least = lags === null ? null : nearest(values, seen, value, lags, sums);
      values[seen++ % MEMORY] = value;
      return least === null ? null : Math.sqrt(least * (1 - DECAY));
    },
  };
}

/** Brings the sum of weighted squared differences up to date for each lag; the smallest, null where none is of a whole piece. */
function nearest(
  values: Float64Array,
  seen: number,
  value: number,
  lags: Int32Array,
  sums: Float64Array,
): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < lags.length; index++) {
    const lag = lags[index] ?? 0;
    if (lag > seen) break;
    const gap = value - (values[(seen - lag) % MEMORY] ?? 0);
    const sum = (sums[index] ?? 0) * DECAY + gap * gap;
    sums[index] = sum;
    if (sum < least && lag <= seen - SCALE) least = sum;
  }
  return least === Number.POSITIVE_INFINITY ? null : least;
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
