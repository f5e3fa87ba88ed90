/** A rhythm that repeats itself: what it adds to each value, and how much of the spread it makes. */
export interface Season {
  /** The series without it. */
  rest: Float64Array;
  /** Mean square of what was taken out; 0 where no season was found. */
  power: number;
}

/** The share of the spread around the moving mean that a season must explain; a longer one must explain so much more. */
const WORTH = { share: 0.6, more: 0.02 };
const LONGEST_SEARCH = 400;

/**
 * Takes a season out of a series.
 *
 * - Purpose: people do not mark the months of a year or the hours of a day as changes.
 * - Convention: additive; a moving mean over one period is the trend, the mean of what is above it at each phase is the season (the
 *   classical decomposition). Where `period` is null, each one that fits in four times is tried, and taken where it explains 60 % of
 *   the spread around its moving mean, adjusted for its number of phases. A given period is taken where it fits in twice.
 * - Cost: O(n) for a given period, else O(n p) for p = min(n / 4, 400) periods.
 * - Source: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, section 3.4.
 */
export function withoutSeason(values: Float64Array, period: number | null): Season {
  const phases = period === null ? searched(values) : given(values, Math.round(period));
  if (phases === null) return { rest: values, power: 0 };
  let power = 0;
  const rest = values.map((value, index) => {
    const season = phases[index % phases.length] ?? 0;
    power += (season * season) / values.length;
    return value - season;
  });
  return { rest, power };
}

function given(values: Float64Array, period: number): Float64Array | null {
  return period >= 2 && 2 * period <= values.length ? seasonOf(values, sumsOf(values), period).phases : null;
}

function searched(values: Float64Array): Float64Array | null {
  const sums = sumsOf(values);
  let best: { share: number; phases: Float64Array | null } = {
    share: WORTH.share - WORTH.more,
    phases: null,
  };
  for (let period = 3; period <= Math.min(values.length / 4, LONGEST_SEARCH); period++) {
    const season = seasonOf(values, sums, period);
    if (season.share > best.share + WORTH.more) best = season;
  }
  return best.phases;
}

/** Sums of the first 0, 1, 2 ... values. */
function sumsOf(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index++)
    sums[index + 1] = (sums[index] ?? 0) + (values[index] ?? 0);
  return sums;
}

function seasonOf(
  values: Float64Array,
  sums: Float64Array,
  period: number,
): { share: number; phases: Float64Array } {
  const half = period >> 1;
  const last = values.length - period + half; // up to here a whole period lies around a value
  const phases = new Float64Array(period);
  const counts = new Float64Array(period);
  let total = 0;
  for (let index = half, phase = half; index < last; index++, phase = phase + 1 === period ? 0 : phase + 1) {
    const start = index - half;
    const above = (values[index] ?? 0) - ((sums[start + period] ?? 0) - (sums[start] ?? 0)) / period;
    phases[phase] = (phases[phase] ?? 0) + above;
    counts[phase] = (counts[phase] ?? 0) + 1;
    total += above * above;
  }
  const explained = toMeans(phases, counts);
  const count = last - half;
  const share = 1 - (total - explained) / Math.max(count - period, 1) / (total / (count - 1) || 1);
  return { share: total > 0 ? share : 0, phases };
}

/** Turns the sums of the phases into means around 0; what of the sum of squares they explain. */
function toMeans(phases: Float64Array, counts: Float64Array): number {
  let middle = 0;
  for (let phase = 0; phase < phases.length; phase++) {
    phases[phase] = (phases[phase] ?? 0) / Math.max(counts[phase] ?? 1, 1);
    middle += (phases[phase] ?? 0) / phases.length;
  }
  let explained = 0;
  for (let phase = 0; phase < phases.length; phase++) {
    explained += (counts[phase] ?? 0) * (phases[phase] ?? 0) ** 2;
    phases[phase] = (phases[phase] ?? 0) - middle;
  }
  return explained;
}
