import { beginIsolationForest, type ForestModel } from '../isolation-forest.ts';
import { type ForestSettings, forestDefaults } from './settings.ts';
import type { TrainedForest } from './trained.ts';

/** What a forest says of a run. */
interface RunOpinion {
  /** As in `Opinion.score`; null while it knows too little. */
  score: number | null;
  /** From a score of 0.5 on: the part that each metric has in it, by its name, together 1. */
  shares: ReadonlyMap<string, number> | null;
}

/** A forest over the metrics that runs report, of which some come later than others. */
export interface NamedForest {
  /** Judges a run by those before it, then learns from it. */
  next(values: ReadonlyMap<string, number>): RunOpinion;
  /** Learns runs at once, oldest first: cheaper than one by one. */
  learn(runs: readonly ReadonlyMap<string, number>[]): void;
  /** In the order of the forest's features, for saving. */
  metrics(): string[];
  /** As in `ForestModel`; null as well while there are fewer than two metrics. */
  trained(): TrainedForest | null;
}

/** Further metrics are not looked at: the first ones that are reported. */
const MOST_METRICS = 50;

/**
 * Isolation forest over named metrics.
 *
 * - Purpose: a module's runs, whose custom metrics may begin with any run.
 * - Convention: with a new metric a new forest learns the runs that are still known, in which it has no value. A lone metric is no
 *   vector: there is no opinion before there are two.
 * - Cost: as `beginIsolationForest`; some milliseconds with a new metric. It keeps the latest runs, two samples of them.
 */
export function beginNamedForest(settings: Partial<ForestSettings>): NamedForest {
  const names: string[] = [];
  const room = 2 * (settings.sampleSize ?? forestDefaults(2).sampleSize);
  const runs: ReadonlyMap<string, number>[] = [];
  let model: ForestModel | null = null;
  return {
    metrics: () => [...names],
    trained: () => model?.trained() ?? null,
    learn(more) {
      runs.push(...more.slice(-room));
      runs.splice(0, runs.length - room);
      for (const values of runs) addNames(names, values);
      if (names.length > 1) model = modelOf(settings, names, runs);
    },
    next(values) {
      if (addNames(names, values) && names.length > 1) model = modelOf(settings, names, runs);
      runs.push(values);
      if (runs.length > room) runs.shift();
      const opinion = model?.next({ timeMs: null, values: vectorOf(names, values) });
      return { score: opinion?.score ?? null, shares: named(names, opinion?.shares ?? null) };
    },
  };
}

/** Whether there was a new one. */
function addNames(names: string[], values: ReadonlyMap<string, number>): boolean {
  const added = [...values.keys()]
    .filter(name => !names.includes(name))
    .slice(0, MOST_METRICS - names.length);
  names.push(...added);
  return added.length > 0;
}

function modelOf(
  settings: Partial<ForestSettings>,
  names: readonly string[],
  runs: readonly ReadonlyMap<string, number>[],
): ForestModel {
  const model = beginIsolationForest(settings, names.length);
  model.learn(runs.map(values => ({ timeMs: null, values: vectorOf(names, values) })));
  return model;
}

function vectorOf(names: readonly string[], values: ReadonlyMap<string, number>): (number | null)[] {
  return names.map(name => values.get(name) ?? null);
}

function named(names: readonly string[], shares: readonly number[] | null): RunOpinion['shares'] {
  return shares === null ? null : new Map(names.map((name, at) => [name, shares[at] ?? 0]));
}
