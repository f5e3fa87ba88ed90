import { metricValues } from '../judge/values.ts';
import type { ModelSettings, Rule, Run, Since } from '../types.ts';
import type { MetricVerdict } from './assess.ts';
import { beginMetric, type MetricEnsemble } from './metric.ts';

/** A module has at most so many metrics that are looked at: the first ones that it reports. */
const MOST_METRICS = 50;

/** How far back the beginning of a shift is still known by its run. */
const REMEMBERED = 512;

interface Followed {
  ensemble: MetricEnsemble;
  /** The newest runs with a value of this metric, oldest first. */
  runs: Since[];
}

/** The metrics of one module, each followed by its own ensemble. */
export class ModuleDetection {
  readonly #settings: ModelSettings;
  readonly #ruleFor: (metric: string) => Rule | null;
  readonly #followed = new Map<string, Followed>();
  /** A run that could not be recorded at once is judged once. */
  #last: { run: string; verdicts: Map<string, MetricVerdict> } | null = null;

  constructor(settings: ModelSettings, ruleFor: (metric: string) => Rule | null) {
    this.#settings = settings;
    this.#ruleFor = ruleFor;
  }

  /** Judges an `ok` run by those before it, then learns from it. @returns by metric */
  next(run: Run): Map<string, MetricVerdict> {
    if (this.#last?.run === run.id) return this.#last.verdicts;
    const verdicts = this.#judged(run);
    this.#last = { run: run.id, verdicts };
    return verdicts;
  }

  #judged(run: Run): Map<string, MetricVerdict> {
    const verdicts = new Map<string, MetricVerdict>();
    for (const [metric, value] of metricValues(run)) {
      const followed = this.#follow(metric);
      if (followed === null) continue;
      note(followed.runs, run);
      verdicts.set(metric, { ...followed.ensemble.next(value, Date.parse(run.endedAt)), value });
    }
    return verdicts;
  }

  /** The run with which something began so many values of the metric ago; the oldest known one where it is longer ago. */
  since(metric: string, beganAgo: number): Since | null {
    const runs = this.#followed.get(metric)?.runs ?? [];
    return runs[Math.max(0, runs.length - 1 - beganAgo)] ?? null;
  }

  #follow(metric: string): Followed | null {
    const rule = this.#ruleFor(metric);
    if (rule === null) return null;
    const known = this.#followed.get(metric);
    if (known !== undefined) return known;
    if (this.#followed.size >= MOST_METRICS) return null;
    const followed = { ensemble: beginMetric(this.#settings, rule), runs: [] };
    this.#followed.set(metric, followed);
    return followed;
  }
}

function note(runs: Since[], run: Run): void {
  const revisionBefore = runs.at(-1)?.revisionAfter ?? null;
  runs.push({ run: run.id, time: run.startedAt, revisionBefore, revisionAfter: run.revision });
  if (runs.length > REMEMBERED) runs.shift();
}
