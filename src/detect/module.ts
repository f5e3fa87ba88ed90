import { metricValues } from '../judge/values.ts';
import type { ModelSettings, Rule, Run, Since } from '../types.ts';
import type { MetricVerdict } from './assess.ts';
import type { Model } from './detector.ts';
import { beginNamedForest, type NamedForest } from './forest/named.ts';
import type { TrainedLstm } from './lstm/model.ts';
import { WINDOW } from './lstm/network.ts';
import { beginLstm } from './lstm-autoencoder.ts';
import { beginMetric, type MetricEnsemble } from './metric.ts';

/** A module has at most so many metrics that are looked at: the first ones that it reports. */
const MOST_METRICS = 50;

/** How far back the beginning of a shift is still known by its run. */
const REMEMBERED = 64;

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
    const values = new Map(metricValues(run));
    const together = {
      'isolation-forest': this.forest.next(values).score,
      'lstm-autoencoder': this.#lstmScore(values),
    };
    this.#seen += 1;
    this.#recent.push(values);
    if (this.#recent.length > WINDOW) this.#recent.shift();
    const verdicts = new Map<string, MetricVerdict>();
    for (const [metric, value] of values) {
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
