import { existsSync, readFileSync } from 'node:fs';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { Run } from '../../src/glossary/run.ts';
import type { Workspace } from '../helpers/workspace.ts';
import type { Counts } from './fault.ts';
import { filesProblems, parsed, runsOfPerformance, shapeProblems } from './invariants/files.ts';
import { commitsOf, gitProblems, type UserWork, userProblems, userWork } from './invariants/git.ts';
import { leftoverProblems } from './invariants/leftovers.ts';
import { logProblems } from './invariants/log.ts';
import { readStore, type StoreContent, storeProblems } from './invariants/store.ts';
import type { Pipeline } from './pipeline.ts';

export interface WitnessOptions {
  /** The history was taken over from files: counts are larger than the runs that are there. */
  adopted?: boolean;
  /** Names of files outside `data/` and `logs/` that the row itself or its modules change. */
  changing?: string[];
}

interface Verdict {
  problems: string[];
  counts: Pick<Counts, 'runsAcknowledged' | 'runsLost'>;
}

/** One line of `--json`. */
interface Line {
  type: string;
  run?: Run;
  events?: AnomalyEvent[];
  commit?: string | null;
}

/**
 * Remembers what a workspace has shown to anybody, and says in the end what of all that must hold after any fault does not:
 *
 * - a run that was shown (output, performance.json, anomalies.log, a commit) is in the store once, as it was shown
 * - a run that began is recorded once; nothing ran twice at the same time
 * - each run is in the roll-ups of its hour and its day once
 * - performance.json, status.json and anomalies.log are valid, and agree with the store and with one another
 * - incidents are well-formed; the log only ever grows
 * - git history is linear and ours is readable, nothing of the user's was touched, `git fsck` is content
 * - no process, no lock, no temporary file is left after an orderly end
 *
 * Made right after the workspace, before anything runs in it.
 */
export class Witness {
  readonly #workspace: Workspace;
  readonly #pipeline: Pipeline | null;
  readonly #options: WitnessOptions;
  readonly #user: UserWork;
  /** By id; the text as performance.json showed it, null where only the output named the run. */
  readonly #shown = new Map<string, string | null>();
  readonly #events = new Set<string>();
  readonly #commits = new Set<string>();
  readonly #heard: string[] = [];
  readonly #found: string[] = [];
  #log = '';

  constructor(seen: Workspace | Pipeline, options: WitnessOptions = {}) {
    this.#workspace = 'workspace' in seen ? seen.workspace : seen;
    this.#pipeline = 'workspace' in seen ? seen : null;
    this.#options = options;
    this.#user = userWork(this.#workspace, options.changing ?? []);
  }

  /** What a supervisor with `--json` has said; lines that were cut off by its end are nothing that was shown. */
  hear(stdout: string): void {
    for (const text of stdout
      .slice(0, stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean)) {
      const line = parsed<Line>(text);
      if (line === null) this.#found.push(`the output holds a line that is no JSON: ${text.slice(0, 80)}`);
      else this.#take(line);
    }
  }

  #take({ run, events, commit, type }: Line): void {
    if (run !== undefined && !this.#shown.has(run.id)) this.#shown.set(run.id, null);
    if (type === 'run') for (const event of events ?? []) this.#events.add(JSON.stringify(event));
    if (typeof commit === 'string') this.#heard.push(commit);
  }

  /** Takes in what files and commits show now, also in the middle of things: each must be whole at any moment. */
  look(): void {
    this.#found.push(...shapeProblems(this.#workspace));
    const performance = this.#text('performance.json');
    if (performance !== '') this.#remember(runsOfPerformance(performance));
    const log = this.#text('anomalies.log');
    const whole = log.slice(0, log.lastIndexOf('\n') + 1);
    if (!log.startsWith(this.#log)) this.#found.push('anomalies.log no longer begins with what it held');
    else this.#log = whole;
    for (const { hash, performance: committed } of commitsOf(this.#workspace, this.#commits)) {
      this.#commits.add(hash);
      this.#remember(runsOfPerformance(committed));
    }
  }

  /** After the last, orderly end. `runsLost` counts what was shown and is not in the store. */
  async verdict(): Promise<Verdict> {
    this.look();
    const store = readStore(this.#workspace.path('data'));
    if (typeof store === 'string') return this.#verdict([store], this.#shown.size);
    const problems = [
      ...this.#shownProblems(store),
      ...this.#startedProblems(store),
      ...storeProblems(store, this.#options.adopted === true),
      ...filesProblems(this.#workspace, store),
      ...logProblems(this.#text('anomalies.log'), store),
      ...gitProblems(this.#workspace, store, this.#heard),
      ...userProblems(this.#workspace, this.#user),
      ...(await leftoverProblems(this.#workspace)),
    ];
    return this.#verdict(problems, this.#lost(store).length);
  }

  #verdict(problems: string[], runsLost: number): Verdict {
    const counts = { runsAcknowledged: this.#shown.size, runsLost };
    return { problems: [...new Set([...this.#found, ...problems])], counts };
  }

  #lost(store: StoreContent): string[] {
    return [...this.#shown.keys()].filter(id => !store.runs.has(id));
  }

  #shownProblems(store: StoreContent): string[] {
    const changed = [...this.#shown].filter(
      ([id, text]) => text !== null && store.runs.has(id) && store.runs.get(id)?.text !== text,
    );
    const untold = [...this.#events].filter(event => !store.events.includes(event));
    return [
      ...this.#lost(store).map(id => `run ${id} was shown and is lost`),
      ...changed.map(([id]) => `run ${id} is not what it was shown as`),
      ...untold.map(event => `an event was shown and is lost: ${event.slice(0, 120)}`),
    ];
  }

  #startedProblems(store: StoreContent): string[] {
    if (this.#pipeline === null) return [];
    const ids = this.#pipeline.allStarted();
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    return [
      ...ids.filter(id => !store.runs.has(id)).map(id => `run ${id} began and is not recorded`),
      ...twice.map(id => `run ${id} began twice`),
      ...this.#pipeline.twice().map(name => `${name} ran twice at the same time`),
    ];
  }

  #remember(runs: Map<string, string>): void {
    for (const [id, text] of runs) {
      const known = this.#shown.get(id);
      if (known !== undefined && known !== null && known !== text)
        this.#found.push(`run ${id} has changed after it was shown`);
      this.#shown.set(id, text);
    }
  }

  #text(file: string): string {
    const path = this.#workspace.path('data', file);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }
}
