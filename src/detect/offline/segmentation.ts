import { optimalSegments } from './optimal-segments.ts';
import { costOf, residualsOf, type Shape } from './shape.ts';

/** One way to cut a series into segments of one shape. */
export interface Segmentation {
  /** First index of each segment but the first. */
  changes: readonly number[];
  /** Sum of squares that the segments leave, with what no eye can see added. */
  rest: number;
  /** Values less the parameters that were fitted to them, the places among them; at least 1. */
  degrees: number;
  /** To how many independent values what is left amounts. */
  independent: number;
}

/** More change points than these are not looked for, nor segments shorter than this share of the series. */
const MOST = 8;
const SHORTEST_SHARE = 0.03;

/** The share of it that neighbours may at most have in common: further up, the number of independent values means nothing. */
const CLOSEST = 0.98;

/** The best ways to cut a series at 0, 1, 2 ... places. `invisible`: the sum of squares that no eye can see. */
export function segmentationsOf(values: Float64Array, shape: Shape, invisible: number): Segmentation[] {
  const shortest = Math.max(shape.shortest, Math.round(values.length * SHORTEST_SHARE));
  const all = optimalSegments(costOf(values, shape), values.length, MOST, shortest);
  return all.map(changes => {
    const residuals = residualsOf(values, changes, shape);
    const rest = residuals.reduce((sum, value) => sum + value * value, invisible);
    const parameters = shape.parameters * (changes.length + 1);
    const degrees = Math.max(values.length - parameters - changes.length, 1);
    const memory = memoryOf(residuals, rest, parameters);
    return { changes, rest, degrees, independent: Math.max((degrees * (1 - memory)) / (1 + memory), 1) };
  });
}

/**
 * How much neighbouring residuals have in common: their correlation r, by which n of them say as much as n (1 - r) / (1 + r) independent ones.
 *
 * - Purpose: a series that wanders by itself leaves long waves around any level; with n counted in full each of them were a change.
 * - Convention: as for an autoregression of order 1; raised by parameters / n, by which fitting lowers it, and kept within 0..0.98.
 * - Cost: O(n).
 * - Source: Bayley and Hammersley, "The 'Effective' Number of Independent Observations in an Autocorrelated Time Series", Supplement to
 *   the JRSS 8 (1946), 184-197.
 */
function memoryOf(residuals: Float64Array, rest: number, parameters: number): number {
  let shared = 0;
  for (let index = 1; index < residuals.length; index++) {
    shared += (residuals[index] ?? 0) * (residuals[index - 1] ?? 0);
  }
  return Math.min(Math.max(shared / rest + parameters / residuals.length, 0), CLOSEST);
}
