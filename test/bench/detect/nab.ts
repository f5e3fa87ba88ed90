/**
 * The score of the Numenta Anomaly Benchmark, standard profile: how early and how exclusively a ranking of points finds the labelled
 * windows, with one threshold for all series.
 *
 * - Convention: each window gives the credit of its earliest detection, 1 at its first point falling along a sigmoid to nearly 0 at its
 *   last; a missed one costs 1. Each detection outside costs 0.11, less just after a window. The first 15 % of a series (at most 750
 *   points) count for nothing, nor does a window that lies in them. 0: nothing detected, 100: each window at its first point and nothing else.
 * - Cost: O(n log n) for n points.
 * - Source: Lavin and Ahmad, "Evaluating Real-Time Anomaly Detection Algorithms", ICMLA 2015; the sweep over thresholds as in numenta/NAB 1.1.
 */
export interface NabSeries {
  /** One a point; null never detects. */
  scores: ArrayLike<number | null>;
  /** First and last index of each labelled window, in order, not overlapping. */
  windows: readonly (readonly [first: number, last: number])[];
}

export interface NabResult {
  score: number;
  threshold: number;
}

const FALSE_COST = 0.11;
const PROBATION = { share: 0.15, most: 750 };

interface Worth {
  /** What a detection at this point is worth: above 0 in a window, below outside. */
  weight: Float64Array;
  /** The number of the window, -1 outside of all. */
  window: Int32Array;
  start: number;
  /** Windows that can be detected. */
  windows: number;
}

/** The best score over all thresholds (a point is detected where its score is at least the threshold). */
export function nabScore(series: readonly NabSeries[]): NabResult {
  const worths = series.map(({ scores, windows }) => worthOf(scores.length, windows));
  const total = worths.reduce((sum, { windows }) => sum + windows, 0);
  const credits = worths.map(() => new Map<number, number>());
  let best = { gained: 0, threshold: Number.POSITIVE_INFINITY };
  let gained = 0;
  let last = Number.POSITIVE_INFINITY;
  for (const { score, file, index } of ranked(series, worths)) {
    if (score !== last && gained > best.gained) best = { gained, threshold: last };
    last = score;
    gained += gainOf(worths[file], credits[file], index);
  }
  if (gained > best.gained) best = { gained, threshold: last };
  return { score: total === 0 ? 0 : (100 * best.gained) / (2 * total), threshold: best.threshold };
}

/** The score at a given threshold. */
export function nabScoreAt(series: readonly NabSeries[], threshold: number): number {
  let gained = 0;
  let total = 0;
  for (const { scores, windows } of series) {
    const worth = worthOf(scores.length, windows);
    const credit = new Map<number, number>();
    total += worth.windows;
    for (let index = worth.start; index < scores.length; index++) {
      if ((scores[index] ?? Number.NEGATIVE_INFINITY) >= threshold) gained += gainOf(worth, credit, index);
    }
  }
  return total === 0 ? 0 : (100 * gained) / (2 * total);
}

/** What detecting this point adds over what is detected already; detecting nothing at all is 0. */
function gainOf(worth: Worth | undefined, credits: Map<number, number> | undefined, index: number): number {
  const window = worth?.window[index] ?? -1;
  const weight = worth?.weight[index] ?? 0;
  if (window < 0) return weight;
  const had = credits?.get(window) ?? -1;
  credits?.set(window, Math.max(had, weight));
  return Math.max(weight - had, 0);
}

function ranked(
  series: readonly NabSeries[],
  worths: readonly Worth[],
): { score: number; file: number; index: number }[] {
  const points: { score: number; file: number; index: number }[] = [];
  for (const [file, { scores }] of series.entries()) {
    for (let index = worths[file]?.start ?? 0; index < scores.length; index++) {
      const score = scores[index] ?? null;
      if (score !== null) points.push({ score, file, index });
    }
  }
  return points.sort((a, b) => b.score - a.score);
}

function worthOf(length: number, windows: NabSeries['windows']): Worth {
  const weight = new Float64Array(length).fill(-FALSE_COST);
  const window = new Int32Array(length).fill(-1);
  const start = Math.min(Math.floor(PROBATION.share * length), PROBATION.most);
  for (const [number, [first, last]] of windows.entries()) {
    const width = last - first + 1;
    for (let index = first; index <= last; index++) {
      window[index] = number;
      weight[index] = scaledSigmoid(-(last - index + 1) / width) / scaledSigmoid(-1);
    }
    const next = windows[number + 1]?.[0] ?? length;
    for (let index = last + 1; index < next; index++) {
      weight[index] = FALSE_COST * scaledSigmoid((index - last) / (width - 1));
    }
  }
  return { weight, window, start, windows: windows.filter(([, last]) => last >= start).length };
}

/** From nearly 1 (a window's start, -1) over 0 (its end) to -1 (far behind it). */
function scaledSigmoid(position: number): number {
  return position >= 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}
