import { normalFromT } from '../../stats/normal-from-t.ts';
import type { Segment } from './segment.ts';
import { FEWEST, threshold } from './thresholds.ts';

/** The likeliest beginning of a new level among the last values of a segment. */
export interface ShiftFound {
  /** How many of the last values are of the new level. */
  count: number;
  /** How many standard deviations off, times what is asked for: above 1 it is a shift. */
  strength: number;
}

/** Standard deviations of the difference of two means that a shift must show. */
const ASKED = 3.7;
/** What has not shown within so many values is left to the view over the whole series. */
export const MOST_VALUES = 20;
/** Up to so many values a single outlier could pass for a level: it counts as so many deviations at most. */
const SHORT = { values: 3, limit: 3 };
const FEWEST_DEGREES = 3;

/**
 * Whether the last values have a level of their own, and since when.
 *
 * - Purpose: the mean of the last k values against the mean of all before them since the last change, for k from 2 to 20; the baseline is
 *   the whole segment and no window, so that a slow drift leaves it behind.
 * - Convention: the variance is that before, larger where neighbours are alike; few values are judged by Student's t.
 * - Cost: O(k).
 * - Source: the generalised likelihood ratio for a change in mean; Siegmund and Venkatraman, Annals of Statistics 23 (1995), 255-271.
 *
 * @param least the smallest change of level that is of interest
 */
export function findShift(segment: Segment, least: number, strictness = 1): ShiftFound | null {
  const asked = threshold(ASKED, segment.length - 1, strictness);
  const { count, strength } = strongest(segment, least, asked, SHORT.limit);
  if (count === 0) return null;
  // Whether there is one is asked carefully; where it began, of the values as they are.
  const began = strength > 1 ? strongest(segment, least, asked, Number.POSITIVE_INFINITY).count : count;
  return { count: began, strength };
}

/** @param limit of a single value among few, in deviations */
function strongest(segment: Segment, least: number, asked: number, limit: number): ShiftFound {
  const best = { count: 0, strength: 0 };
  for (let each = 2; each <= Math.min(MOST_VALUES, segment.length - FEWEST); each += 1) {
    const found = strengthOf(segment, each, least, limit, best.strength * asked) / asked;
    if (found <= best.strength || (found > 1 && !isLevel(segment, each))) continue;
    best.strength = found;
    best.count = each;
  }
  return best;
}

/** A level is where most of its values are: one far outlier among many makes none, however far it moves their mean. */
function isLevel(segment: Segment, count: number): boolean {
  const { mean } = segment.level(segment.length - count);
  const ofLast = segment.meanOfLast(count, mean, Number.POSITIVE_INFINITY);
  return 2 * segment.beyond(count, mean, (mean + ofLast) / 2) > count;
}

/** 0 for a change that is not of interest, or no stronger than what is known already. */
function strengthOf(segment: Segment, count: number, least: number, most: number, known: number): number {
  const rest = segment.length - count;
  const { mean, deviation, inflation } = segment.level(rest);
  const isShort = count <= SHORT.values && most < Number.POSITIVE_INFINITY;
  const limit = isShort ? most * deviation : Number.POSITIVE_INFINITY;
  const change = Math.abs(segment.meanOfLast(count, mean, limit) - mean);
  if (change < least) return 0;
  const t = change / deviation / Math.sqrt(inflation * (1 / count + 1 / rest));
  if (t <= known) return 0; // the normal deviate is smaller than t, and takes longer
  return normalFromT(t, Math.max(FEWEST_DEGREES, rest - 1));
}
