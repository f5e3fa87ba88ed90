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
  /** What each member says by itself, by its name, on the same scale; null where it has no opinion. */
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
const SAME_PHASE_WEIGHT = 0.4;
/** The evidence at which the score is 0.5. */
const THRESHOLD = 4.5;
/** Before so many values there is no score. */
const FEWEST = 5;
/** Values over which a score becomes as sure as it gets. */
const RIPE = 50;
/** Squares of larger values leave the range of a double: they count as no value. */
const LARGEST = 1e150;
/** What differs by less than this part of a value is rounding. */
const RESOLUTION = 1e-9;

const NO_SCORE: PointScore = { score: null, expected: null, votes: { novelty: null, 'same-phase': null } };

/**
 * The score of each point of a series: the evidence of novelty and of the comparison with the same time of earlier days, each at two
 * scales and as surprise among its own history, added up; an episode has one peak, and its other points rank below it.
 *
 * - Cost: about 2.5 microseconds a value; 60 kB, growing to 200 kB with a long history.
 * - Source of the discount: the expectation value of sequence search, Karlin and Altschul, PNAS 87 (1990), 2264-2268.
 */
export function beginPointScore(settings: Pick<DetectorSettings, 'period'>): PointScorer {
  const novelty = beginNovelty();
  const samePhase = beginSamePhase(settings.period);
  const range = beginExpectedRange();
  const noveltyTails = [beginRunningTail(MEMORY), beginRunningTail(MEMORY)];
  const phaseTails = [beginRunningTail(MEMORY), beginRunningTail(MEMORY)];
  const peak = beginPeak();
  const ordinary = new Float64Array(noveltyTails.length);
  let last = 0;
  let seen = 0;
  return {
    next(value, timeMs) {
      if (value === null || !(Math.abs(value) <= LARGEST)) {
        samePhase.next(last, timeMs); // so that the places in the season stay where they are
        return NO_SCORE;
      }
      last = value;
      seen++;
      for (let scale = 0; scale < ordinary.length; scale++)
        ordinary[scale] = noveltyTails[scale]?.bulk() ?? 0;
      const rounding = RESOLUTION * Math.abs(value);
      const isNew = evidence(noveltyTails, novelty.next(value, ordinary), rounding, seen);
      const phaseDistances = samePhase.next(value, timeMs);
      const isOutOfPhase = evidence(phaseTails, phaseDistances, rounding, seen);
      const expected = range.next(value);
      const evident = peak(isNew + SAME_PHASE_WEIGHT * isOutOfPhase, isNew + isOutOfPhase);
      const score = scoreOf(evident, THRESHOLD);
      if (seen < FEWEST) return { ...NO_SCORE, expected };
      const phaseVote = phaseDistances === null ? null : scoreOf(isOutOfPhase, THRESHOLD);
      const votes = { novelty: scoreOf(isNew, THRESHOLD), 'same-phase': phaseVote };
      return { score, expected, votes };
    },
  };
}

/** Ranks a distance at each scale among those before it, then learns it. @returns the sum over the scales */
function evidence(
  tails: readonly RunningTail[],
  distances: Float64Array | null,
  rounding: number,
  seen: number,
): number {
  if (distances === null) return 0;
  const discount = DISCOUNT.weight * Math.log(Math.max(seen / DISCOUNT.from, 1));
  let sum = 0;
  for (let scale = 0; scale < distances.length; scale++) {
    const tail = tails[scale];
    const distance = distances[scale] ?? 0;
    if (tail === undefined || distance === Number.POSITIVE_INFINITY) continue;
    const size = distance > rounding ? distance : 0;
    sum += Math.max(tail.surprise(size) - discount, 0);
    tail.learn(size);
  }
  return sum * Math.min(1, seen / RIPE);
}

/** Evidence must exceed what is left of the peak before it, which begins at this multiple and fades over so many points. */
const PEAK = { multiple: 1.5, points: 45 };
/** What is no peak stays below this part of the threshold. */
const MOST_BESIDE = 0.95;

/**
 * One episode, one peak: what follows a peak and is no higher stays below the threshold. There, and wherever nothing is striking, points rank
 * by how unusual the stretch is that they lie in: the weighted mean of the evidence of the last ones.
 */
function beginPeak(): (evidence: number, unweighted: number) => number {
  const decay = Math.exp(-1 / PEAK.points);
  let held = 0;
  let stretch = 0;
  return (evidence, unweighted) => {
    held *= decay;
    stretch += (1 - decay) * (unweighted - stretch);
    const beside = Math.min(stretch, MOST_BESIDE * THRESHOLD);
    if (evidence <= held) return beside;
    held = PEAK.multiple * evidence;
    return Math.max(evidence, beside);
  };
}
