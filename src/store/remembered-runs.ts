import type { Run } from '../glossary/run.ts';
import { parsedJson } from '../json.ts';
import type { Database } from './database.ts';

/** A run as it stands in the store, where fields may be missing, and when it started. */
export interface StartedRun {
  startedMs: number;
  run: Run;
}

/** More are not remembered at once: runs, and lists of up to 20,000 of their numbers. */
const MOST_REMEMBERED = 25_000;
const MOST_LISTS = 32;

/** The `ok` runs of the module that was asked for last: after one of its metrics the next one is asked for, mostly in the same range. */
export class RememberedRuns {
  readonly #database: Database;
  #module = '';
  #reopened = 0;
  #state = '';
  /** By sequence number, which a run keeps, as it never changes; null: it did not succeed, or its record is damaged, which the supervisor mends. */
  readonly #runs = new Map<number, StartedRun | null>();
  /** By what was asked for, as long as nothing has changed in the store. */
  readonly #seqs = new Map<string, number[]>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The sequence numbers of the module's runs under a condition, the newest first.
   *
   * @param condition SQL, with a place for each of the parameters
   */
  seqs(module: string, condition: string, ...parameters: number[]): readonly number[] {
    this.#turnTo(module);
    const asked = `${condition} ${parameters.join(' ')}`;
    const known = this.#seqs.get(asked);
    if (known !== undefined) return known;
    const found = this.#readSeqs(condition, parameters);
    if (this.#seqs.size >= MOST_LISTS) this.#seqs.clear();
    this.#seqs.set(asked, found);
    return found;
  }

  /** They stand in an index, and come in one text, which costs a third of what so many rows cost. */
  #readSeqs(condition: string, parameters: readonly number[]): number[] {
    const row = this.#database.one<{ seqs: string }>(
      `SELECT json_group_array(seq) AS seqs FROM (SELECT seq FROM runs WHERE module = ? AND ${condition})`,
      ...[this.#module, ...parameters],
    );
    const seqs: number[] = JSON.parse(row?.seqs ?? '[]');
    return seqs.sort((a, b) => b - a);
  }

  /** Reads those of a page that are not remembered. */
  read(module: string, page: readonly number[]): void {
    this.#turnTo(module);
    if (this.#runs.size + page.length > MOST_REMEMBERED) this.#runs.clear();
    const missing = page.filter(seq => !this.#runs.has(seq));
    if (missing.length === 0) return;
    const rows = this.#database.tuples<[seq: number, startedMs: number, record: string]>(
      'SELECT seq, startedMs, record FROM runs WHERE seq IN (SELECT value FROM json_each(?))',
      JSON.stringify(missing),
    );
    for (const [seq, startedMs, record] of rows) {
      const run = parsedJson(record) as Run | undefined;
      this.#runs.set(seq, run?.outcome === 'ok' ? { startedMs, run } : null);
    }
  }

  run(seq: number): StartedRun | null {
    return this.#runs.get(seq) ?? null;
  }

  #turnTo(module: string): void {
    const { reopened, state } = this.#database;
    if (module !== this.#module || reopened !== this.#reopened) this.#runs.clear();
    if (module !== this.#module || state !== this.#state) this.#seqs.clear();
    this.#module = module;
    this.#reopened = reopened;
    this.#state = state;
  }
}
