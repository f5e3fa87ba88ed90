import { studentQuantile } from '../stats/student-quantile.ts';
import {
  type Detector,
  type Model,
  NO_OPINION,
  type Observation,
  type Opinion,
  scoreOf,
} from './detector.ts';

/**
 * Rolling z-score: how far a value lies from the mean of the last 50, in terms of what chance allows once in 1,000 values.
 *
 * - Purpose: the plain textbook detector; a baseline, and one voice of the ensemble.
 * - Convention: what chance allows is Student's, so that five values are not trusted like fifty. Of a vector the metric that is
 *   farthest out counts; the expected range is that of the first.
 * - Cost: O(50) per metric, about 0.2 microseconds.
 * - Source: prediction interval for one further value, Hahn and Meeker, "Statistical Intervals" (1991), section 4.
 */
export function beginZScore(metrics: number): Model {
  const windows = Array.from({ length: metrics }, () => new Window());
  return {
    save: () => windows.flatMap(window => window.save()),
    restore: saved => {
      for (const [metric, window] of windows.entries())
        window.restore(saved.subarray(metric * SAVED, (metric + 1) * SAVED));
    },
    next: ({ values }: Observation) => {
      const first = windows[0]?.next(values[0] ?? null) ?? NO_OPINION;
      let highest = first.score;
      for (let metric = 1; metric < windows.length; metric++) {
        const score = windows[metric]?.next(values[metric] ?? null).score ?? null;
        if (score !== null) highest = Math.max(highest ?? 0, score);
      }
      return highest === first.score ? first : { ...first, score: highest };
    },
  };
}

const WINDOW = 50;
const FEWEST = 5;
const FALSE_SHARE = 0.001;
/** A smaller deviation, as a part of the mean, is rounding. */
const RESOLUTION = 1e-9;

/** How many standard deviations chance allows beside so many values. */
const ALLOWED = Array.from({ length: WINDOW + 1 }, (_, count) =>
  count < FEWEST
    ? Number.POSITIVE_INFINITY
    : studentQuantile(FALSE_SHARE, count - 1) * Math.sqrt(1 + 1 / count),
);

/** Of a window: how many values it has seen, and the last ones. */
const SAVED = 1 + WINDOW;

class Window {
  readonly #recent = new Float64Array(WINDOW);
  #seen = 0;

  next(value: number | null): Opinion {
    if (value === null) return NO_OPINION;
    const opinion = opinionOf(value, this.#recent, Math.min(this.#seen, WINDOW));
    this.#recent[this.#seen % WINDOW] = value;
    this.#seen++;
    return opinion;
  }

  /** In their places, so that all sums come out as they were. */
  save(): number[] {
    return [this.#seen, ...this.#recent];
  }

  restore(saved: Float64Array): void {
    this.#seen = saved[0] ?? 0;
    this.#recent.set(saved.subarray(1));
  }
}

function opinionOf(value: number, recent: Float64Array, count: number): Opinion {
  if (count < FEWEST) return NO_OPINION;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += recent[index] ?? 0;
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < count; index++) squares += ((recent[index] ?? 0) - mean) ** 2;
  const rounding = RESOLUTION * Math.max(Math.abs(mean), Math.abs(value), Number.MIN_VALUE / RESOLUTION);
  const deviation = Math.max(Math.sqrt(squares / (count - 1)), rounding);
  const allowed = (ALLOWED[count] ?? 0) * deviation;
  return {
    score: scoreOf(Math.abs(value - mean), allowed),
    expected: [mean - allowed, mean + allowed],
    shift: null,
  };
}

export const zScore: Detector = { name: 'z-score', begin: (_settings, metrics) => beginZScore(metrics) };
