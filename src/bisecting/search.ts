import { Bisection } from '../bisect/bisection.ts';
import type { BisectEnd } from '../bisect/end.ts';
import { credibleRange, gapsOf } from '../bisect/places.ts';
import { WatchkeeperError } from '../errors.ts';
import type { Commit } from '../git/named-commit.ts';
import type { Run } from '../glossary/run.ts';
import { metricValues } from '../judge/values.ts';
import type { Trials } from '../trials/trials.ts';
import { type BisectAnswer, type BisectRun, bisectAnswer, type Skipped } from './answer.ts';
import type { Checkouts } from './checkouts.ts';
import type { BisectPorts, BisectQuestion } from './request.ts';

/** The range that is told while the search goes on. */
const LEFT_CONFIDENCE = 0.95;

interface Parts {
  commits: readonly Commit[];
  checkouts: Checkouts;
  trials: Trials;
}

/** What one search has seen so far. */
export class Search {
  readonly #question: BisectQuestion;
  readonly #ports: BisectPorts;
  readonly #parts: Parts;
  readonly #bisection: Bisection;
  readonly #last: number;
  readonly #steps: BisectRun[] = [];
  readonly #skipped: Skipped[] = [];
  /** By place, why its last run had no value, and the end of its output. */
  readonly #failures = new Map<number, { reason: string; output: string[] }>();

  constructor(question: BisectQuestion, ports: BisectPorts, parts: Parts) {
    this.#question = question;
    this.#ports = ports;
    this.#parts = parts;
    this.#last = parts.commits.length - 1;
    this.#bisection = new Bisection(this.#last, question);
  }

  async run(): Promise<BisectAnswer | null> {
    while (!this.#ports.stop.aborted) {
      const step = this.#bisection.next();
      this.#noteSkipped();
      if (step.kind === 'end') return this.#answer(step.end);
      await this.#step(step.place);
    }
    return null;
  }

  async #step(place: number): Promise<void> {
    const { checkouts, trials } = this.#parts;
    const checkout = await checkouts.at(this.#commit(place).hash);
    if ('problem' in checkout) {
      this.#failures.set(place, { reason: checkout.problem, output: checkout.output });
      return this.#bisection.skip(place);
    }
    const number = this.#steps.length + 1;
    const { module, data } = checkout;
    const trial = await trials.run(module, { data, iteration: number, revision: this.#commit(place).short });
    if (trial === null || this.#ports.stop.aborted) return;
    const { value, reason } = metricOf(trial.run, this.#question.metric);
    if (reason !== null) this.#failures.set(place, { reason, output: trial.output });
    this.#bisection.saw(place, value);
    const role = place === 0 ? 'good' : place === this.#last ? 'bad' : 'between';
    const { outcome } = trial.run;
    const run = {
      number,
      commit: this.#commit(place).hash,
      role,
      outcome,
      value,
      left: this.#left(),
    } as const;
    this.#steps.push(run);
    this.#ports.onRun(run, this.#question.metric);
  }

  #noteSkipped(): void {
    for (const place of this.#bisection.skipped()) {
      const commit = this.#commit(place);
      if (this.#skipped.some(({ hash }) => hash === commit.hash)) continue;
      const skipped = { ...commit, reason: this.#failures.get(place)?.reason ?? 'it failed' };
      this.#skipped.push(skipped);
      this.#ports.onSkip(skipped);
    }
  }

  #left(): number | null {
    const probabilities = this.#bisection.probabilities();
    if (probabilities === null) return null;
    const { before, after } = credibleRange(
      gapsOf(probabilities, () => true),
      LEFT_CONFIDENCE,
    );
    return after - before;
  }

  #answer(end: BisectEnd): Promise<BisectAnswer> {
    if (end.kind === 'unusable') throw this.#unusable(end.place);
    const { root, module, metric, thresholdPercent } = this.#question;
    const { commits, checkouts } = this.#parts;
    const { warmups } = checkouts;
    const seen = { steps: this.#steps, skipped: this.#skipped, warmups };
    const done = { root, module: module.name, metric, thresholdPercent, commits, ...seen };
    return bisectAnswer(done, end);
  }

  #unusable(place: number): WatchkeeperError {
    const { module, good, bad } = this.#question;
    const { reason = 'it failed', output = [] } = this.#failures.get(place) ?? {};
    const lines = output.map(line => `\n  | ${line}`).join('');
    const hint = 'a prepare command makes a checked-out commit ready, a link gives it what git does not keep';
    return new WatchkeeperError(
      'usage',
      `${module.name} cannot be run at ${place === 0 ? good : bad} (${this.#commit(place).short}): ${reason}; ${hint}${lines}`,
    );
  }

  #commit(place: number): Commit {
    return this.#parts.commits[place] as Commit;
  }
}

/** The metric of a run, or in words why there is none. */
function metricOf(run: Run, metric: string): { value: number | null; reason: string | null } {
  if (run.outcome !== 'ok') return { value: null, reason: run.reason ?? run.outcome };
  const values = metricValues(run);
  const found = values.find(([name]) => name === metric);
  if (found !== undefined) return { value: found[1], reason: null };
  const known = values.map(([name]) => name).join(', ');
  return { value: null, reason: `it has no metric ${metric}: it has ${known}` };
}
