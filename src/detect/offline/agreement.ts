/**
 * How far two people agree on the change points of a series, from 0 towards 2: the F1 of their points, plus how well the segments
 * of the second cover those of the first.
 *
 * - Convention: points match within 5 places, each once, and both have one at 0; the covering is the mean overlap (intersection over
 *   union) of each segment with its best partner, weighted by its length.
 * - Cost: O(k m) for k and m change points.
 * - Source: van den Burg and Williams, "An Evaluation of Change Point Detection Algorithms", arXiv:2003.06222 (2020), section 4.1.
 */
export function agreement(of: readonly number[], and: readonly number[], length: number): number {
  const hits = 1 + matches(of, and);
  return (2 * hits) / (of.length + and.length + 2) + covering([0, ...of], [0, ...and], length);
}

const MARGIN = 5;

/** How many of the points have a partner of their own near enough; both lists ascend. */
function matches(points: readonly number[], others: readonly number[]): number {
  let count = 0;
  let next = 0;
  for (const point of points) {
    while ((others[next] ?? point) < point - MARGIN) next++;
    const other = others[next];
    if (other === undefined || other > point + MARGIN) continue;
    count++;
    next++;
  }
  return count;
}

function covering(starts: readonly number[], others: readonly number[], length: number): number {
  let sum = 0;
  for (const [at, start] of starts.entries()) {
    const end = starts[at + 1] ?? length;
    sum += (end - start) * bestOverlap(start, end, others, length);
  }
  return sum / length;
}

function bestOverlap(start: number, end: number, others: readonly number[], length: number): number {
  let best = 0;
  for (const [at, from] of others.entries()) {
    const to = others[at + 1] ?? length;
    const shared = Math.min(end, to) - Math.max(start, from);
    best = Math.max(best, shared / (Math.max(end, to) - Math.min(start, from)));
  }
  return best;
}
