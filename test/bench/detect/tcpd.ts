/**
 * The two scores of the Turing Change Point Dataset: how well change points found by a method agree with those that several people marked.
 *
 * - Convention: a change point is the index of the first observation of the new regime; index 0 counts as one in the prediction and in every
 *   annotation, so a series without changes that is left alone scores 1.
 *   F1: a prediction and a marked point match where they are at most 5 apart, each used once, marked points in ascending order taking
 *   the nearest prediction left (the smaller of two equally near). Precision is the share of predictions that match a point of the union of all
 *   people's points; recall is the mean over the people of the share of their points that are matched; F1 is their harmonic mean.
 *   Covering: for each person, the overlap (intersection over union) of each of their segments with the predicted segment that
 *   overlaps it best, weighted by the segment's length; then the mean over the people.
 * - Cost: O(k m) for k predictions and m marked points.
 * - Source: van den Burg and Williams, "An Evaluation of Change Point Detection Algorithms", arXiv:2003.06222 (2020), section 4.1.
 */

/** Per person, the indices of the changes that they marked. */
export type Annotations = readonly (readonly number[])[];

export interface TcpdScore {
  f1: number;
  covering: number;
  precision: number;
  recall: number;
}

export const MARGIN = 5;

/** Both scores of one series of so many observations. */
export function tcpdScore(annotations: Annotations, predicted: readonly number[], length: number): TcpdScore {
  const points = withStart(predicted);
  const people = annotations.map(withStart);
  const union = withStart(people.flat());
  const precision = matched(union, points) / points.length;
  const recall = average(people.map(marked => matched(marked, points) / marked.length));
  const f1 = (2 * precision * recall) / (precision + recall); // index 0 always matches: neither is 0
  const covering = average(people.map(marked => covered(marked, points, length)));
  return { f1, covering, precision, recall };
}

/** The mean of both scores over several series. */
export function meanScore(scores: readonly TcpdScore[]): TcpdScore {
  return {
    f1: average(scores.map(score => score.f1)),
    covering: average(scores.map(score => score.covering)),
    precision: average(scores.map(score => score.precision)),
    recall: average(scores.map(score => score.recall)),
  };
}

/** How many of the marked points find a prediction of their own within the margin. */
function matched(marked: readonly number[], points: readonly number[]): number {
  const left = new Set(points);
  let count = 0;
  for (const point of marked) {
    let nearest: number | null = null;
    for (const candidate of left) {
      const distance = Math.abs(candidate - point);
      if (distance <= MARGIN && (nearest === null || distance < Math.abs(nearest - point)))
        nearest = candidate;
    }
    if (nearest !== null) count++;
    if (nearest !== null) left.delete(nearest);
  }
  return count;
}

/** How well the predicted segments cover those between the marked points. */
function covered(marked: readonly number[], points: readonly number[], length: number): number {
  const predicted = segments(points, length);
  let sum = 0;
  for (const segment of segments(marked, length)) {
    const best = Math.max(...predicted.map(other => overlap(segment, other)));
    sum += (segment[1] - segment[0]) * best;
  }
  return sum / length;
}

type Segment = readonly [start: number, end: number];

function segments(starts: readonly number[], length: number): Segment[] {
  return starts.map((start, at) => [start, starts[at + 1] ?? length]);
}

function overlap(a: Segment, b: Segment): number {
  const shared = Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
  return shared <= 0 ? 0 : shared / (Math.max(a[1], b[1]) - Math.min(a[0], b[0]));
}

/** Ascending, each once, with index 0. */
function withStart(indices: readonly number[]): number[] {
  return [...new Set([0, ...indices])].sort((a, b) => a - b);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
