import type { Cost } from './shape.ts';

/**
 * The best places for 0, 1, 2 ... change points: those with the smallest sum of the costs of the segments.
 *
 * - Convention: result k holds the first indices of the segments 2 to k + 1; it ends with the last k for which segments of at least
 *   `shortest` values fit in.
 * - Cost: O(k n^2) for k change points among n values: exact, so n has to be small.
 * - Source: segment neighbourhood search; Auger and Lawrence, "Algorithms for the Optimal Identification of Segment Neighborhoods",
 *   Bulletin of Mathematical Biology 51 (1989), 39-54.
 *
 * @param most change points looked for at most
 */
export function optimalSegments(cost: Cost, length: number, most: number, shortest: number): number[][] {
  const found: number[][] = [[]];
  const origins: Int32Array[] = [];
  let before = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY);
  for (let end = shortest; end <= length; end++) before[end] = cost(0, end);
  for (let count = 1; count <= most && (count + 1) * shortest <= length; count++) {
    const { costs, origin } = oneMore(cost, before, length, count, shortest);
    origins.push(origin);
    found.push(traced(origins, length));
    before = costs;
  }
  return found;
}

/** From the best costs of the first values with one change point less to those with one more, and where the last one lies. */
function oneMore(
  cost: Cost,
  before: Float64Array,
  length: number,
  count: number,
  shortest: number,
): { costs: Float64Array<ArrayBuffer>; origin: Int32Array } {
  const costs = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY);
  const origin = new Int32Array(length + 1);
  for (let end = (count + 1) * shortest; end <= length; end++) {
    const start = bestStart(cost, before, count * shortest, end, shortest);
    origin[end] = start;
    costs[end] = (before[start] as number) + cost(start, end);
  }
  return { costs, origin };
}

/** Where the last segment, up to `end`, begins best: from `first` on. The innermost loop, by itself, so that it is compiled once. */
function bestStart(cost: Cost, before: Float64Array, first: number, end: number, shortest: number): number {
  let best = Number.POSITIVE_INFINITY;
  let found = first;
  for (let start = first; start <= end - shortest; start++) {
    const head = before[start] as number;
    if (head >= best) continue; // costs are never below 0
    const sum = head + cost(start, end);
    if (sum >= best) continue;
    best = sum;
    found = start;
  }
  return found;
}

function traced(origins: readonly Int32Array[], length: number): number[] {
  const changes: number[] = [];
  let end = length;
  for (const origin of origins.toReversed()) {
    end = origin[end] ?? 0;
    changes.unshift(end);
  }
  return changes;
}
