import type { Interval } from '../stats/hodges-lehmann.ts';
import type { Level } from './reference.ts';
import type { WorseWhen } from './worse.ts';

/**
 * - `worse`, `better`: changed for certain, and by enough to matter
 * - `different`: the same, of a metric of which nobody has said which way it gets worse
 * - `indistinct`: not to be told from chance, or too small to matter
 * - `too-few`: no result could have been told from chance
 */
export type Verdict = 'worse' | 'better' | 'different' | 'indistinct' | 'too-few';

export interface Options {
  /** Without its module; says which way is worse, and which threshold counts. Null: neither is known. */
  metric?: string | null;
  /** Instead of what the metric's name says. */
  worseWhen?: WorseWhen;
  /** Chance of a false verdict where nothing has changed; the interval has the level 1 - alpha. */
  alpha?: number;
  /** Smaller changes do not matter, however certain. */
  thresholdPercent?: number | undefined;
  /** The same for quality metrics (accuracy, precision, recall, f1Score), as a share: 0.05 is 5 percent below the reference. */
  degradationThreshold?: number | undefined;
  /** Smaller changes do not matter, in the metric's own unit. */
  floor?: number | undefined;
  /** The change that `needed` is asked for; null: the one that was seen, or 5 percent where that is too small to matter. */
  seekPercent?: number | null;
}

/** How many runs it takes to see a change of so many percent in four of five cases, at the noise that was seen. */
export interface Needed {
  percent: number;
  /** Against the reference as it is; null where no number would do. */
  recent: number | null;
  /** With as many runs in the reference; null where no number would do. */
  each: number | null;
}

export interface Comparison {
  verdict: Verdict;
  /** How much higher the recent values are; null where the reference is 0. */
  changePercent: number | null;
  /** Null where there are too few values, or the reference is 0. */
  intervalPercent: Interval | null;
  /** In the metric's own unit; null where there was nothing to compare. */
  change: number | null;
  interval: Interval | null;
  /** The chance of such a difference where nothing has changed; null where there was nothing to test. */
  p: number | null;
  /** The same, corrected for all that was checked together; equal to `p` for a comparison by itself. */
  pAdjusted: number | null;
  alpha: number;
  thresholdPercent: number;
  floor: number;
  worseWhen: WorseWhen;
  reference: Level;
  recent: Level;
  /** So many independent values are worth as much as all that were compared; fewer than these where runs resemble their neighbours. */
  effectiveCount: number;
  /** Null where the noise is not known. */
  needed: Needed | null;
}

/** What says yes or no, of the figures and nothing else. */
export function verdictOf(
  comparison: Omit<Comparison, 'verdict' | 'needed' | 'effectiveCount'>,
  isEnough: boolean,
): Verdict {
  const { pAdjusted, alpha, change, worseWhen } = comparison;
  if (!isEnough || pAdjusted === null) return 'too-few';
  if (pAdjusted > alpha || !isLarge(comparison)) return 'indistinct';
  if (worseWhen === null) return 'different';
  return (change ?? 0) > 0 === (worseWhen === 'more') ? 'worse' : 'better';
}

type Sized = Pick<Comparison, 'change' | 'changePercent' | 'thresholdPercent' | 'floor'>;

/** Whether the change is one that matters. */
export function isLarge({ change, changePercent, thresholdPercent, floor }: Sized): boolean {
  if (change === null || change === 0 || Math.abs(change) < floor) return false;
  return changePercent === null || Math.abs(changePercent) >= thresholdPercent;
}
