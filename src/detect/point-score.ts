import { beginRunningTail, type RunningTail } from '../stats/running-tail.ts';
import { type DetectorSettings, scoreOf } from './detector.ts';
import { beginExpectedRange } from './expected-range.ts';
import { beginNovelty } from './novelty.ts';
import { beginSamePhase } from './same-phase.ts';

/** How unusual one point of a series is. */
export interface PointScore {
  /** From 0 towards 1; from 0.5 on it is worth a look in any series. Null for no value, and for the first few. */
  score: number | null;
  /** In which 98 % of such points were so far. */
  expected: readonly [low: number, high: number] | null;
  /** What each member says by itself, by its name, on the same scale. */
  votes: { novelty: number | null; 'same-phase': number | null };
}

export interface PointScorer {
  /** Judges a value by those before it, then learns from it. */
  next(value: number | null, timeMs: number | null): PointScore;
}

/** Sizes in the distributions that distances are ranked in. */
const MEMORY = 6000;
/**
 * How much evidence is discounted as a series goes on, from `from` values on: by 1, a size that comes once in a history is as
 * unusual in a long one as in a short one (its evidence is the logarithm of how many such were to be expected so far); slightly
 * more, as near pieces are easier to find in a long history.
 */
const DISCOUNT = { from: 200, weight: 1.1 };
const SAME_PHASE_WEIGHT = 0.6;
/** The evidence at which the score is 0.5. */
const THRESHOLD = 4.5;
/** Points over which a score becomes as sure as it gets. */
const RIPE = 50;
/** What differs by less than this part of a value is rounding. */
const RESOLUTION = 1e-9;

const NO_SCORE: PointScore = { score: null, expected: null, votes: { novelty: null, 'same-phase': null } };

/**
 * The score of each point of a series: the evidence of novelty at two scales and of the comparison with the same time of earlier days,
 * each as surprise among its own history, added up; where an episode began a moment ago it only fades.
 *
 * - Cost: about 2.5 microseconds a value; 150 kB.
 * - Source of the discount: the expectation value of sequence search, Karlin and Altschul, PNAS 87 (1990), 2264-2268.
 */
export function beginPointScore(settings: DetectorSettings): PointScorer {
  const novelty = beginNovelty();
  const samePhase = beginSamePhase(settings.period);
  const range = beginExpectedRange();
  const short = beginRunningTail(MEMORY);
  const long = beginRunningTail(MEMORY);
  const phase = beginRunningTail(MEMORY);
  const fade = beginFade();
  const ordinary = new Float64Array(2);
  let last = 0;
  let seen = 0;
  return {
    next(value, timeMs) {
      if (value === null || !Number.isFinite(value)) {
        samePhase.next(last, timeMs); // so that the places in the season stay where they are
        return NO_SCORE;
      }
      last = value;
      ordinary[0] = short.bulk();
      ordinary[1] = long.bulk();
      const distances = novelty.next(value, ordinary);
      const phaseDistance = samePhase.next(value, timeMs);
      const expected = range.next(value);
      seen++;
      if (distances === null) return NO_SCORE;
      const rounding = RESOLUTION * Math.abs(value);
      const discount = DISCOUNT.weight * Math.log(Math.max(seen / DISCOUNT.from, 1));
      const isNew =
        evidence(short, distances[0] ?? 0, rounding, discount) +
        evidence(long, distances[1] ?? 0, rounding, discount);
      const isOutOfPhase = phaseDistance === null ? null : evidence(phase, phaseDistance, rounding, discount);
      const ripe = Math.min(1, seen / RIPE);
      const total = fade(ripe * (isNew + SAME_PHASE_WEIGHT * (isOutOfPhase ?? 0)));
      return {
        score: seen < 5 ? null : scoreOf(total, THRESHOLD),
        expected,
        votes: {
          novelty: scoreOf(ripe * isNew, THRESHOLD),
          'same-phase': isOutOfPhase === null ? null : scoreOf(ripe * isOutOfPhase, THRESHOLD),
        },
      };
    },
  };
}

/** Ranks a distance among those before it, then learns it. */
function evidence(tail: RunningTail, distance: number, rounding: number, discount: number): number {
  const size = distance > rounding ? distance : 0;
  const surprise = tail.surprise(size);
  tail.learn(size);
  return Math.max(surprise - discount, 0);
}

/** Evidence must exceed what is left of the peak before it, which begins at this multiple and fades over so many points. */
const PEAK = { multiple: 1.5, points: 40 };
/** What shows of a peak while it fades, as a part of the threshold. */
const AFTERGLOW = 0.2;

/** One episode, one peak: what follows a peak and is no higher shows as its afterglow, well below the threshold. */
function beginFade(): (evidence: number) => number {
  const decay = Math.exp(-1 / PEAK.points);
  let held = 0;
  return evidence => {
    held *= decay;
    if (evidence <= held) return AFTERGLOW * Math.min(held, THRESHOLD);
    held = PEAK.multiple * evidence;
    return evidence;
  };
}
