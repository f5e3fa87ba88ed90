import { type EsdStep, generalisedEsd } from '../stats/generalised-esd.ts';
import { period } from '../stats/period.ts';
import { studentQuantile } from '../stats/student-quantile.ts';
import {
  type Detector,
  type DetectorSettings,
  type Model,
  NO_OPINION,
  type Opinion,
  scoreOf,
} from './detector.ts';
import { seasonOf } from './season.ts';

/**
 * Seasonal ESD: takes the season and the level off a series and asks, by the generalised extreme studentised deviate test, whether
 * the newest value is one of the outliers among the last ones.
 *
 * - Purpose: sees a spike that hides in a season. Up to 2 % of the values may be outliers and do not hide one another; a second
 *   mode is none, as the deviation is that of all the rest.
 * - Convention: of an observation the first value. The period is the given one or found in the series, looked for whenever its
 *   history has doubled. The test is the one of `generalised-esd.ts` in terms of t (Student's, of a value that is not among those
 *   that it is compared with), which does not saturate; the others' order is taken from the last fit.
 * - Cost: about 2.5 microseconds a value, most of it the fit after each eighth of the history; 10 kB.
 * - Source: Rosner, Technometrics 25 (1983), 165-172; seasonal: Hochenbaum, Vallis and Kejariwal, arXiv:1704.07706.
 */
export function beginSeasonalEsd(settings: Pick<DetectorSettings, 'period'>): Model {
  const values = new Float64Array(MEMORY);
  let found = settings.period;
  let seen = 0;
  let fit: Fit | null = null;
  let fitAt = FEWEST;
  let searchAt = FEWEST * 4;
  const history = (): Float64Array => {
    if (seen <= MEMORY) return values.slice(0, seen);
    const from = seen % MEMORY;
    const ordered = new Float64Array(MEMORY);
    ordered.set(values.subarray(from));
    ordered.set(values.subarray(0, from), MEMORY - from);
    return ordered;
  };
  const refit = (): void => {
    if (settings.period === null && seen >= searchAt) {
      found = period(history());
      searchAt = seen + Math.min(seen, MEMORY);
    }
    const known = history();
    fit = fitOf(known, seen - known.length, found);
    fitAt = seen + Math.max(1, Math.floor(Math.min(seen, MEMORY) / 8));
  };
  return {
    learn(observations) {
      for (const {
        values: [value = null],
      } of observations)
        if (value !== null) values[seen++ % MEMORY] = value;
    },
    next({ values: [value = null] }) {
      if (value === null) return NO_OPINION;
      if (seen >= fitAt) refit();
      const opinion = fit === null ? NO_OPINION : opinionOf(value, seen, fit);
      values[seen++ % MEMORY] = value;
      return opinion;
    },
  };
}

const MEMORY = 1024;
const FEWEST = 10;
/** Chance of a false outlier among all that are remembered. */
const ALPHA = 0.05;
const MOST_OUTLIERS = 0.02;
/** A smaller deviation, as a part of the level, is rounding. */
const RESOLUTION = 1e-9;

/** How the values are distributed that are left when so many outliers are taken away. */
interface Rest {
  mean: number;
  /** How far another value of the same kind lies from the mean, at most. */
  allowed: number;
  /** The distance from the level of the next one that would be taken away. */
  extreme: number;
}

interface Fit {
  level: number;
  season: Float64Array;
  /** By the number of outliers taken away. */
  rests: Rest[];
}

function fitOf(history: Float64Array, first: number, found: number | null): Fit {
  const season = seasonOf(history, first, found);
  const values = withoutSeason(history, first, season).sort();
  const level = values[values.length >> 1] ?? 0;
  const least = RESOLUTION * Math.max(Math.abs(level), Number.MIN_VALUE / RESOLUTION);
  const widening = season.length === 1 ? 1 : wideningBy(history.length / season.length);
  const most = Math.max(1, Math.floor(MOST_OUTLIERS * values.length));
  const { steps } = generalisedEsd(values, most, ALPHA);
  return { level, season, rests: steps.map(step => restOf(step, level, least, widening)) };
}

function withoutSeason(history: Float64Array, first: number, season: Float64Array): Float64Array {
  const rest = new Float64Array(history.length);
  for (let index = 0; index < rest.length; index++)
    rest[index] = (history[index] ?? 0) - (season[(first + index) % season.length] ?? 0);
  return rest;
}

/** One further value is one more to be tested, and is not among those that it is compared with. */
function restOf(
  { value, mean, deviation, count }: EsdStep,
  level: number,
  least: number,
  widening: number,
): Rest {
  const t = studentQuantile(ALPHA / (count + 1), count - 1) * Math.sqrt(1 + 1 / count);
  return {
    mean,
    allowed: t * Math.max(deviation * widening, least),
    extreme: Math.abs(value - level),
  };
}

/**
 * A season whose phases are medians of so few values fits those values better than the next one: the variance of a median is pi / 2
 * times that of a mean, and is missing in the rest while it is added to the next.
 */
function wideningBy(periods: number): number {
  return Math.sqrt((periods + Math.PI / 2) / (periods - Math.PI / 2));
}

function opinionOf(value: number, seen: number, { level, season, rests }: Fit): Opinion {
  const phase = season[seen % season.length] ?? 0;
  const distance = Math.abs(value - phase - level);
  const place = rests.findIndex(({ extreme }) => distance > extreme);
  const rest = rests[Math.max(place, 0)] ?? { mean: level, allowed: Number.POSITIVE_INFINITY, extreme: 0 };
  const score = scoreOf(Math.abs(value - phase - rest.mean), rest.allowed);
  return {
    score: place < 0 ? Math.min(score, NOT_AMONG_THEM) : score,
    expected: [rest.mean + phase - rest.allowed, rest.mean + phase + rest.allowed],
    shift: null,
  };
}

/** A value that is not among the most extreme ones is no outlier, however far out it lies. */
const NOT_AMONG_THEM = 0.49;

export const seasonalEsd: Detector = { name: 'seasonal-esd', begin: settings => beginSeasonalEsd(settings) };
