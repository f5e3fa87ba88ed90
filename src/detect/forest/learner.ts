import { seededRandom } from '../../stats/random.ts';
import { featureCount } from './features.ts';
import type { Forest } from './forest.ts';
import { growForest, growTrees, type Rows } from './grow.ts';
import { scoreRows } from './score.ts';
import type { ForestSettings } from './settings.ts';
import { limitsOf } from './threshold.ts';
import { scoreOfRow, type TrainedForest } from './trained.ts';
import { createWindow, filled, hasGap, mediansOf, put, type Window } from './window.ts';

/** A forest that is trained anew now and then by the rows that it is shown. */
export interface Learner {
  settings: ForestSettings;
  metrics: number;
  window: Window;
  /** Of the latest rows, each given before the row was learned. */
  scores: Float64Array;
  scored: number;
  random: () => number;
  trained: TrainedForest | null;
  /** Rows that the medians are of, by `window.seen`. */
  mediansAt: number;
  /** When it was trained last, and when it is to be again, by `window.seen`. */
  last: number;
  due: number;
  /** Observations of the forest that it was given: before the first that was seen here. */
  before: number;
  /** The tree that has not been grown anew for the longest. */
  oldest: number;
}

/** Observations before the first training. */
const FEWEST = 5;

/** Of the range of values, as in `GrowSettings`. */
const MARGIN = 1;

/** How many samples the window holds: trees should differ, and old rows be forgotten. */
const SAMPLES = 2;

export function createLearner(
  settings: ForestSettings,
  metrics: number,
  trained: TrainedForest | null,
): Learner {
  const room = SAMPLES * settings.sampleSize;
  return {
    settings,
    metrics,
    window: createWindow(room, featureCount(metrics)),
    scores: new Float64Array(room),
    scored: 0,
    random: seededRandom(settings.seed),
    trained,
    mediansAt: 0,
    last: 0,
    due: Math.max(FEWEST, Math.min(trained?.observations ?? 0, room)),
    before: trained?.observations ?? 0,
    oldest: 0,
  };
}

/** The score of a row by those before it; null while it is not trained. Where there is no value (NaN) the row gets the median. */
export function scoreNext(learner: Learner, row: Float32Array): number | null {
  const { trained, scores } = learner;
  if (trained === null) return null;
  if (hasGap(row)) refreshMedians(learner);
  const score = scoreOfRow(trained, row);
  scores[learner.scored % scores.length] = score;
  learner.scored += 1;
  return score;
}

/** Keeps the row, and trains where it is time to. */
export function learn(learner: Learner, row: Float32Array): void {
  put(learner.window, row);
  if (learner.window.seen >= learner.due) train(learner);
}

/** Keeps the rows, and trains once. */
export function learnAll(learner: Learner, rows: Iterable<Float32Array>): void {
  for (const row of rows) put(learner.window, row);
  if (learner.window.seen >= learner.due) train(learner);
}

/** What it knows at present; null before the first training. */
export function knownBy({ trained, window }: Learner): TrainedForest | null {
  return trained === null || window.seen === 0 ? trained : { ...trained, medians: mediansOf(window) };
}

/** Medians are needed seldom, and sorting costs more than scoring: at most once between two trainings. */
export function refreshMedians(learner: Learner): void {
  const { window, mediansAt, last, trained } = learner;
  if (trained === null || mediansAt >= last) return;
  trained.medians = mediansOf(window);
  learner.mediansAt = window.seen;
}

function train(learner: Learner): void {
  const { settings, window, random, scores, scored, trained } = learner;
  const rows = filled(window, random);
  const forest = grown(learner, rows);
  // before the first scores: those of the rows that it was grown from, which show at least whether they differ at all
  const recent =
    scored === 0 ? scoreRows(forest, rows.data) : scores.subarray(0, Math.min(scored, scores.length));
  const limits = limitsOf(recent, learner.metrics, settings.contamination);
  const observations = learner.before + window.seen;
  learner.trained = { forest, medians: trained?.medians ?? mediansOf(window), ...limits, observations };
  learner.last = window.seen;
  learner.due = window.seen + Math.max(Math.min(settings.modelUpdateInterval, window.seen >> 2), 1);
}

/** A new forest while the samples grow, then the old one with a share of new trees. */
function grown(learner: Learner, rows: Rows): Forest {
  const { settings, window, trained, random, oldest, last } = learner;
  const forest = trained?.forest ?? null;
  const sampleSize = Math.min(settings.sampleSize, rows.count);
  if (forest === null || forest.sampleSize !== sampleSize || forest.trees !== settings.trees) {
    return growForest(rows, { ...settings, margin: MARGIN }, random);
  }
  const count = Math.ceil(forest.trees * Math.min((window.seen - last) / rows.count, 1));
  growTrees(forest, rows, { first: oldest, count }, MARGIN, random);
  learner.oldest = (oldest + count) % forest.trees;
  return forest;
}
