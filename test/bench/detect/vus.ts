/**
 * VUS-PR, the volume under the surface of precision and recall: how well a ranking of points finds labelled ranges, without a threshold, and
 * without counting a point that lies just beside a range as wholly wrong.
 *
 * - Convention: for a buffer of length l a point up to l / 2 away from a range has the label sqrt(1 - distance / l), where two ranges
 *   reach it their sum, at most 1. At each threshold (a point is predicted where its score is at least that): TP is the sum of the labels
 *   of the predicted points, precision TP over how many they are, and recall TP over the mean of the labelled points and the sum of all
 *   labels (at most 1), times the share of the ranges, with their buffers, in which anything is predicted.
 *   The area under precision over recall, by trapezes from recall 0 and precision 1 on, is the range-AUC-PR; its mean over all buffers from 0
 *   to `longest` is the volume. Every score is a threshold (the authors' program takes 250 of them).
 * - Cost: O(n log n + n l) for n points.
 * - Source: Paparrizos, Boniol, Palpanas, Tsay, Elmore and Franklin, "Volume Under the Surface: A New Accuracy Evaluation Measure for
 *   Time-Series Anomaly Detection", PVLDB 15(11), 2774-2787 (2022).
 */

export interface Labelled {
  /** One a point; null counts as lower than any. */
  scores: ArrayLike<number | null>;
  /** First and last index of each labelled range, in order. */
  windows: readonly (readonly [first: number, last: number])[];
}

/** From 0 to 1; null where nothing is labelled. */
export function vusPr({ scores, windows }: Labelled, longest: number): number | null {
  if (windows.length === 0) return null;
  const ranked = rankedBy(scores);
  let volume = 0;
  for (let buffer = 0; buffer <= longest; buffer += 1) volume += areaAt(buffer, ranked, windows);
  return volume / (longest + 1);
}

interface Ranked {
  /** Points, the highest score first. */
  order: Int32Array;
  /** Whether the next one in the order has another score. */
  isLast: Uint8Array;
}

function rankedBy(scores: ArrayLike<number | null>): Ranked {
  const known = Float64Array.from(
    { length: scores.length },
    (_, at) => scores[at] ?? Number.NEGATIVE_INFINITY,
  );
  const order = Int32Array.from(known.keys()).sort((a, b) => compare(known[b], known[a]));
  const isLast = Uint8Array.from(order, (point, at) => Number(known[point] !== known[order[at + 1] ?? -1]));
  return { order, isLast };
}

/** Without a difference, which of two infinities there is none. */
function compare(a = 0, b = 0): number {
  return a < b ? -1 : Number(a > b);
}

/** Range-AUC-PR. */
function areaAt(buffer: number, { order, isLast }: Ranked, windows: Labelled['windows']): number {
  const labels = labelsAt(buffer, order.length, windows);
  const { range, ranges } = rangesIn(labels);
  const points = windows.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const positives = (points + labels.reduce((sum, label) => sum + label, 0)) / 2;
  const isMet = new Uint8Array(ranges);
  let [found, met, area, recall, precision] = [0, 0, 0, 0, 1];
  order.forEach((point, at) => {
    const place = range[point] ?? -1;
    found += labels[point] ?? 0;
    if (place >= 0 && isMet[place] === 0) {
      isMet[place] = 1;
      met += 1;
    }
    if (isLast[at] === 0) return;
    const next = { recall: (Math.min(found / positives, 1) * met) / ranges, precision: found / (at + 1) };
    area += ((next.recall - recall) * (next.precision + precision)) / 2;
    ({ recall, precision } = next);
  });
  return area;
}

function labelsAt(buffer: number, length: number, windows: Labelled['windows']): Float64Array {
  const labels = new Float64Array(length);
  const add = (at: number, label: number): void => {
    if (at >= 0 && at < length) labels[at] = Math.min((labels[at] ?? 0) + label, 1);
  };
  for (const [first, last] of windows) {
    for (let at = first; at <= last; at += 1) add(at, 1);
    for (let distance = 1; distance <= buffer / 2; distance += 1) {
      const label = Math.sqrt(1 - distance / buffer);
      add(first - distance, label);
      add(last + distance, label);
    }
  }
  return labels;
}

/** The number of the stretch of labelled points in which each lies (-1: in none), and how many there are. */
function rangesIn(labels: Float64Array): { range: Int32Array; ranges: number } {
  const range = new Int32Array(labels.length).fill(-1);
  let ranges = 0;
  labels.forEach((label, at) => {
    if (label === 0) return;
    if ((labels[at - 1] ?? 0) === 0) ranges += 1;
    range[at] = ranges - 1;
  });
  return { range, ranges };
}
