import { monotonicFactory } from 'ulid';
import { CLOCK } from '../clock.ts';
import type { Child } from '../glossary/child.ts';
import type { ModuleSettings } from '../glossary/settings.ts';
import { Launcher } from '../launch.ts';
import { createRunner } from '../run/runner.ts';
import { outputTail, type Tail } from '../run/tail.ts';
import { TRIAL_VARIABLE, trialMark } from '../run/trial-mark.ts';
import { endedRun } from '../supervise/outcome.ts';
import type { Trial } from './trial.ts';

/** So many lines of its output say why a run failed. */
const SHOWN_LINES = 5;

export interface TrialsOptions {
  /** Where modules report their metrics; exists. */
  reports: string;
  env: NodeJS.ProcessEnv;
  /** Ends the run under way, and lets no other begin. */
  stop: AbortSignal;
  warn(message: string): void;
}

/** Which run it is. */
export interface TrialPlace {
  /** What the module is told as its data folder. */
  data: string;
  iteration: number;
  revision: string | null;
}

/**
 * Runs modules one after the other as the supervisor does, by the same launcher and under the same meter, but records nothing. They
 * are not told of the socket: what they would report there is history.
 */
export class Trials {
  readonly #options: TrialsOptions;
  readonly #newId = monotonicFactory();
  readonly #runner: ReturnType<typeof createRunner>;

  constructor(options: TrialsOptions) {
    this.#options = options;
    this.#runner = createRunner({ clock: CLOCK, warn: options.warn });
  }

  /** Null where it was stopped before it began. @throws what keeps its metrics file from being made */
  async run(module: ModuleSettings, { data, iteration, revision }: TrialPlace): Promise<Trial | null> {
    if (this.#options.stop.aborted) return null;
    const tails: Tail[] = [];
    const launcher = this.#launcher(data, tails);
    const started = {
      ...{ id: this.#newId(), module: module.name, iteration, trigger: 'manual' as const, attempt: 1 },
      ...{ startedAt: new Date(CLOCK.now()).toISOString(), revision },
    };
    const launch = launcher.module(module, started);
    const result = await this.#followed(this.#runner.start(launch.spec));
    const run = endedRun(started, result, await launch.collect(), module);
    return { run, output: tails.flatMap(tail => tail.lines(SHOWN_LINES)) };
  }

  #launcher(data: string, tails: Tail[]): Launcher {
    const { reports, env, warn } = this.#options;
    const sink = (hidden: readonly string[]) => {
      const tail = outputTail(hidden);
      tails.push(tail);
      return tail.sink;
    };
    return new Launcher({
      ...{ data, logs: data, clock: CLOCK, env, warn },
      logSize: () => ({ maxBytes: 0, files: 0 }), // nothing is logged
      socket: () => null,
      trial: { reports, sink, env: { [TRIAL_VARIABLE]: trialMark() } },
    });
  }

  async #followed(child: Child): Promise<Awaited<Child['ended']>> {
    const { stop } = this.#options;
    const end = (): void => void child.stop();
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    try {
      return await child.ended;
    } finally {
      stop.removeEventListener('abort', end);
    }
  }
}
