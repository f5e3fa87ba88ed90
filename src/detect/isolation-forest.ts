import {
  type Detector,
  type Model,
  NO_OPINION,
  type Observation,
  type Opinion,
  scoreOf,
} from './detector.ts';
import { beginFeatures, featureCount } from './forest/features.ts';
import {
  createLearner,
  knownBy,
  type Learner,
  learn,
  learnAll,
  refreshMedians,
  scoreNext,
} from './forest/learner.ts';
import { type ForestSettings, forestDefaults } from './forest/settings.ts';
import { sharesOf, type TrainedForest } from './forest/trained.ts';

interface ForestOpinion extends Opinion {
  /** From a score of 0.5 on: the part that each metric has in it, together 1. */
  shares: readonly number[] | null;
}

export interface ForestModel extends Model {
  next(observation: Observation): ForestOpinion;
  learn(history: readonly Observation[]): void;
  /** What it knows at present, to be saved or exported at once: later trainings change it. Null before the fifth observation. */
  trained(): TrainedForest | null;
}

const NOTHING: ForestOpinion = { ...NO_OPINION, shares: null };

export const isolationForest: Detector = {
  name: 'isolation-forest',
  begin: (settings, metrics) => beginIsolationForest(settings, metrics),
};

/**
 * Isolation forest over a run's metrics: how unlike the recent runs this one is, in all metrics together.
 *
 * - Purpose: sees what no metric shows by itself, and assumes no distribution (two modes, a heavy tail). It says nothing of what was expected.
 * - Convention: a vote compares how far the score lies above the median score with where the threshold does. The first training is after 5
 *   observations, the next each time that there are a quarter more, at most `modelUpdateInterval` later. Once the window of the latest
 *   observations (two samples) is full, a training grows anew only that share of the trees that is new in the window, the oldest trees first.
 *   Observations without any value are passed over.
 * - Cost: O(trees · log(sampleSize)) an observation, and as much again for the trainings, spread over all: 5 microseconds.
 * - Source: as in `forest/grow.ts` and `forest/score.ts`.
 *
 * @param settings what is missing is as in `forestDefaults`
 * @param trained what an earlier model knew, which this one takes over: it judges until there are as many observations as it was trained on,
 *   or the window is full; one for another number of metrics is not used
 */
export function beginIsolationForest(
  settings: Partial<ForestSettings>,
  metrics: number,
  trained: TrainedForest | null = null,
): ForestModel {
  const toRow = beginFeatures(metrics);
  const known = trained?.forest.features === featureCount(metrics) ? trained : null;
  const learner = createLearner({ ...forestDefaults(metrics), ...settings }, metrics, known);
  return {
    trained: () => knownBy(learner),
    learn(history) {
      const rows = history.map(({ values }) => toRow(values).slice());
      learnAll(
        learner,
        rows.filter(row => !row.every(Number.isNaN)),
      );
    },
    next({ values }) {
      const row = toRow(values);
      if (row.every(Number.isNaN)) return NOTHING;
      const opinion = judge(learner, row, metrics);
      learn(learner, row);
      return opinion;
    },
  };
}

function judge(learner: Learner, row: Float32Array, metrics: number): ForestOpinion {
  const judged = row.slice(); // its gaps are filled, which learning must not see
  const score = scoreNext(learner, judged);
  const { trained } = learner;
  if (score === null || trained === null) return NOTHING;
  const vote = scoreOf(score - trained.typical, trained.threshold - trained.typical);
  if (vote < 0.5) return { ...NOTHING, score: vote };
  refreshMedians(learner);
  return { ...NOTHING, score: vote, shares: metrics === 1 ? [1] : sharesOf(trained, judged, score) };
}
