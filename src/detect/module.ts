import type { ModelSettings, Rule } from '../glossary/detection-settings.ts';
import type { Since } from '../glossary/event.ts';
import type { Run } from '../glossary/run.ts';
import { metricValues, usualValues } from '../judge/values.ts';
import type { MetricVerdict } from './assess.ts';
import type { Model, Observation } from './detector.ts';
import { beginNamedForest, type NamedForest } from './forest/named.ts';
import type { TrainedLstm } from './lstm/model.ts';
import { WINDOW } from './lstm/network.ts';
import { beginLstm } from './lstm-autoencoder.ts';
import { beginMetric, type MetricEnsemble } from './metric.ts';

/** A module has at most so many metrics that are looked at: the first ones that it reports. */
const MOST_METRICS = 50;

/** How far back the beginning of a shift is still known by its run. */
const REMEMBERED = 64;

/** What a module's events rest on, small and exact; see `ModuleDetection.restore`. */
export interface SavedModule {
  /** The newest run that was learned from. */
  run: string;
  period: number | null;
  metrics: Map<string, Float64Array<ArrayBuffer>>;
  /** Metrics that runs reported and that were not judged. */
  ignored: string[];
}

interface Followed {
  ensemble: MetricEnsemble;
  /** The newest runs with a value of this metric, oldest first. */
  runs: Since[];
}

/** The metrics of one module: each followed by its own ensemble, and all together by the models of whole runs. */
export class ModuleDetection {
  readonly #settings: ModelSettings;
  readonly #ruleFor: (metric: string) => Rule | null;
  readonly #followed = new Map<string, Followed>();
  /** Whole runs, in all their metrics together. */
  readonly forest: NamedForest;
  #lstm: { model: Model; trained: TrainedLstm } | null = null;
  /** The newest runs, oldest first: what a new LSTM autoencoder begins with. */
  readonly #recent: ReadonlyMap<string, number>[] = [];
  readonly #ignored = new Set<string>();
  #seen = 0;
  /** A run that could not be recorded at once is judged once. */
  #last: { run: string; verdicts: Map<string, MetricVerdict> } | null = null;

  constructor(settings: ModelSettings, ruleFor: (metric: string) => Rule | null) {
    this.#settings = settings;
    this.#ruleFor = ruleFor;
    this.forest = beginNamedForest(settings);
  }

  /** How many runs it has learned from. */
  get seen(): number {
    return this.#seen;
  }

  get lstm(): TrainedLstm | null {
    return this.#lstm?.trained ?? null;
  }

  /** What `restore` takes; null before the first run. */
  save(): SavedModule | null {
    if (this.#last === null) return null;
    const metrics = new Map([...this.#followed].map(([name, { ensemble }]) => [name, ensemble.save()]));
    const { period } = this.#settings;
    return { run: this.#last.run, period, metrics, ignored: [...this.#ignored] };
  }

  /**
   * Goes on from where another one was: from here on all events are those that it would tell. What votes learns the runs up to there,
   * at once, and may differ by a little.
   *
   * @param history `ok` runs, oldest first, the last one being the one that was learned last when it was saved
   * @returns false where it was saved under settings that saw other things, or cannot be read: then this one is of no use any more
   */
  restore(saved: SavedModule, history: readonly Run[]): boolean {
    const isJudged = (metric: string): boolean => this.#ruleFor(metric) !== null;
    if (saved.period !== this.#settings.period || saved.ignored.some(isJudged)) return false;
    for (const metric of saved.ignored) this.#ignored.add(metric);
    const values = history.map(run => new Map(metricValues(run)));
    const areRestored = [...saved.metrics]
      .filter(([metric]) => isJudged(metric))
      .map(([metric, events]) => this.#restored(metric, events, history, values));
    if (areRestored.includes(false)) return false;
    this.forest.learn(values);
    this.#recent.push(...values.slice(-WINDOW));
    this.#seen = history.length;
    this.#last = { run: saved.run, verdicts: new Map() };
    return true;
  }

  #restored(
    metric: string,
    saved: Float64Array,
    history: readonly Run[],
    values: readonly ReadonlyMap<string, number>[],
  ): boolean {
    const followed = this.#follow(metric);
    if (followed === null) return false;
    const observations = history.flatMap((run, at): Observation[] => {
      const value = values[at]?.get(metric);
      if (value === undefined) return [];
      note(followed.runs, run);
      return [{ values: [value], timeMs: Date.parse(run.endedAt) }];
    });
    return followed.ensemble.restore(saved, observations);
  }

  /** Takes a trained LSTM autoencoder into use, from the newest runs on. */
  use(trained: TrainedLstm): void {
    this.#lstm = { model: beginLstm(trained), trained };
    for (const values of this.#recent) this.#lstmScore(values);
  }

  /** Judges an `ok` run by those before it, then learns from it. @returns by metric */
  next(run: Run): Map<string, MetricVerdict> {
    if (this.#last?.run === run.id) return this.#last.verdicts;
    const verdicts = this.#judged(run);
    this.#last = { run: run.id, verdicts };
    return verdicts;
  }

  /** The run with which something began so many values of the metric ago; the oldest known one where it is longer ago. */
  since(metric: string, beganAgo: number): Since | null {
    const runs = this.#followed.get(metric)?.runs ?? [];
    return runs[Math.max(0, runs.length - 1 - beganAgo)] ?? null;
  }

  #judged(run: Run): Map<string, MetricVerdict> {
    const values = new Map(usualValues(run));
    const together = {
      'isolation-forest': this.forest.next(values).score,
      'lstm-autoencoder': this.#lstmScore(values),
    };
    this.#seen += 1;
    this.#recent.push(values);
    if (this.#recent.length > WINDOW) this.#recent.shift();
    const verdicts = new Map<string, MetricVerdict>();
    for (const [metric, value] of metricValues(run)) {
      const followed = this.#follow(metric);
      if (followed === null) continue;
      note(followed.runs, run);
      const verdict = followed.ensemble.next(value, Date.parse(run.endedAt));
      verdicts.set(metric, { ...verdict, value, votes: { ...verdict.votes, ...together } });
    }
    return verdicts;
  }

  #lstmScore(values: ReadonlyMap<string, number>): number | null {
    if (this.#lstm === null) return null;
    const row = this.#lstm.trained.metrics.map(name => values.get(name) ?? null);
    return this.#lstm.model.next({ timeMs: null, values: row }).score;
  }

  #follow(metric: string): Followed | null {
    const rule = this.#ruleFor(metric);
    if (rule === null) this.#ignored.add(metric);
    if (rule === null) return null;
    const known = this.#followed.get(metric);
    if (known !== undefined) return known;
    if (this.#followed.size >= MOST_METRICS) return null;
    const followed = { ensemble: beginMetric(this.#settings, rule, 'events'), runs: [] };
    this.#followed.set(metric, followed);
    return followed;
  }
}

function note(runs: Since[], run: Run): void {
  const revisionBefore = runs.at(-1)?.revisionAfter ?? null;
  runs.push({ run: run.id, time: run.startedAt, revisionBefore, revisionAfter: run.revision });
  if (runs.length > REMEMBERED) runs.shift();
}
