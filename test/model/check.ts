import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CrashState, crashStates } from './crash.ts';
import { Disk } from './disk.ts';
import { History } from './history.ts';
import { type Allowance, problemsOf } from './legal.ts';
import type { Recording } from './operations.ts';
import { type Recovered, recover } from './recover.ts';

/** A crash after which something does not hold. */
export interface Violation {
  /** The number of operations that had been made. */
  after: number;
  /** The last of them, in words. */
  operation: string;
  state: string;
  problems: string[];
}

export interface CheckOptions {
  /** Where states are written out: a folder that exists, best in memory. */
  folder: string;
  allowance: Allowance;
  random(): number;
  /** How many outcomes at random are tried of each crash, beside those at the corners. */
  atRandom: number;
  /** Whether to try a crash after so many operations. */
  crashAfter(count: number): boolean;
  /** Stop when so many violations were found. */
  most: number;
}

export interface Checked {
  /** Moments of a crash that were tried. */
  crashes: number;
  /** What those crashes can have left: different states that were opened by the product. */
  states: number;
  /** Judgements: a state counts for each moment at which it was judged. */
  judged: number;
  runsAcknowledged: number;
  violations: Violation[];
}

/** Crashes a recorded session after each of its operations (that are asked for), and judges what the product makes of what is left. */
export async function check(recording: Recording, options: CheckOptions): Promise<Checked> {
  const folder = mkdtempSync(join(options.folder, 'watchkeeper-model-'));
  try {
    return await new Check(recording, options, folder).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Check {
  readonly #recording: Recording;
  readonly #options: CheckOptions;
  readonly #folder: string;
  readonly #disk: Disk;
  /** What became of the states of the last crash: the next one often leaves the same. */
  #known = new Map<string, Recovered | string>();
  readonly #checked: Checked = { crashes: 0, states: 0, judged: 0, runsAcknowledged: 0, violations: [] };

  constructor(recording: Recording, options: CheckOptions, folder: string) {
    this.#recording = recording;
    this.#options = options;
    this.#folder = folder;
    this.#disk = new Disk(recording);
  }

  async run(): Promise<Checked> {
    const { operations } = this.#recording;
    const history = await this.#undisturbed();
    history.look(this.#disk);
    for (const [index, operation] of operations.entries()) {
      this.#disk.apply(operation, index + 1);
      history.look(this.#disk);
      if (operation.kind === 'mark') history.take(operation.mark);
      if (!this.#options.crashAfter(index + 1)) continue;
      await this.#crash(index + 1, history);
      if (this.#checked.violations.length >= this.#options.most) break;
    }
    this.#checked.runsAcknowledged = history.acknowledged;
    return this.#checked;
  }

  async #undisturbed(): Promise<History> {
    const [state] = crashStates(this.#disk, 0, this.#options.random);
    const recovered = state === undefined ? 'nothing' : await this.#recover(state);
    if (typeof recovered === 'string') throw new Error(`without any crash the product fails: ${recovered}`);
    return new History(recovered);
  }

  async #crash(after: number, history: History): Promise<void> {
    this.#checked.crashes += 1;
    const known = new Map<string, Recovered | string>();
    for (const state of crashStates(this.#disk, this.#options.atRandom, this.#options.random)) {
      const key = `${state.kind === 'killed'} ${state.key}`;
      const recovered = this.#known.get(key) ?? (await this.#recover(state));
      known.set(key, recovered);
      this.#checked.judged += 1;
      const problems =
        typeof recovered === 'string'
          ? [recovered]
          : problemsOf(state, recovered, history, this.#options.allowance);
      if (problems.length > 0) this.#violation(after, state, problems);
      if (this.#checked.violations.length >= this.#options.most) break;
    }
    this.#known = known;
  }

  async #recover(state: CrashState): Promise<Recovered | string> {
    this.#checked.states += 1;
    const { states } = this.#checked;
    return await recover(state, join(this.#folder, `${states}`), states % 3 === 0);
  }

  #violation(after: number, state: CrashState, problems: string[]): void {
    const operation = this.#recording.operations[after - 1];
    const words = JSON.stringify(operation, (key, value) =>
      key === 'data' ? `${value.data?.length} bytes` : value,
    );
    this.#checked.violations.push({
      after,
      operation: words,
      state: `${state.kind}: ${state.what}`,
      problems,
    });
  }
}

/** In memory, where there is such a place: each state is written out and opened, some thousands of them. */
export function memoryFolder(): string {
  try {
    rmSync(mkdtempSync('/dev/shm/watchkeeper-probe-'), { recursive: true });
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}
