import { normalFromT } from '../../stats/normal-from-t.ts';
import type { Segment } from './segment.ts';
import { threshold } from './thresholds.ts';

/** How far a value lies outside of what its segment makes likely. */
export interface Spike {
  /** Standard deviations of a prediction, over what is asked for: above 1 the value is a spike. */
  strength: number;
  isSpike: boolean;
  /** What goes into the segment: an outlier is learned from, but moves the level no more than the largest usual value. */
  learned: number;
  expected: readonly [low: number, high: number];
}

const ASKED = 3.5;
/** Beyond the largest value so far, in standard deviations: the upper one of two modes is no spike. */
const BEYOND = 0.3;
/** Of what is learned, in standard deviations; and in parts of the smallest spike, so that a new level shows beside one without noise. */
const HELD = { spike: 3, other: 6, part: 0.3 };

/**
 * Judges one value by the segment before it.
 *
 * - Convention: Student's t for one more value of a normal distribution, as the rare normal deviate that it stands for.
 * - Cost: O(1).
 * - Source: prediction interval for a future observation; Hahn and Meeker, Statistical Intervals (1991), section 4.
 *
 * @param least the smallest change of one value that is of interest
 */
export function judgeValue(segment: Segment, value: number, least: number, strictness = 1): Spike {
  const { length, modes, lowest, highest } = segment;
  const { mean, deviation } = segment.level(length);
  const spread = deviation * Math.sqrt(1 + 1 / length);
  const off = segment.distance(value) - mean;
  const asked = threshold(ASKED, length, strictness) * tailFactor(segment, deviation);
  const strength = normalFromT(Math.abs(off) / spread, length - 1) / asked;
  const beyond = Math.max(value - highest, lowest - value);
  const isSpike = strength > 1 && Math.abs(off) > least && beyond > BEYOND * deviation;
  const limit = Math.max((isSpike ? HELD.spike : HELD.other) * deviation, HELD.part * least);
  const centre = value - off;
  const reach = Math.max(asked * spread, least);
  return {
    strength,
    isSpike,
    learned: Math.abs(off) > limit ? centre + Math.sign(off) * limit : value,
    expected:
      modes === null
        ? [centre - reach, centre + reach]
        : [modes.low + mean - reach, modes.high + mean + reach],
  };
}

/** The ratio of the normal distribution, and by how much what is missing to it raises what is asked for. */
const TAIL = { normal: Math.sqrt(2 / Math.PI), slope: 6, most: 1.2 };

/**
 * How much further out values of a heavy-tailed noise come as often as those of a normal one: 1 for a normal one.
 *
 * - Purpose: where far values are a part of the noise, one of them is no news.
 * - Convention: by the ratio of the mean absolute deviation to the standard deviation (0.80 for normal noise, 0.71 for Laplace's, 0.64
 *   for Student's t with 3 degrees). The slope is what takes these two to the distance that is exceeded once in 2,000 values: 5.4 and 7.5
 *   standard deviations instead of 3.5.
 * - Cost: O(1).
 * - Source: Geary, "The ratio of the mean deviation to the standard deviation as a test of normality", Biometrika 27 (1935), 310-332.
 */
function tailFactor(segment: Segment, deviation: number): number {
  const ratio = segment.meanAbsolute / deviation;
  return ratio === 0 ? 1 : 1 + Math.min(TAIL.slope * Math.max(TAIL.normal - ratio, 0), TAIL.most);
}
