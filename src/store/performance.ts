import { join } from 'node:path';
import type { Averages } from './averages.ts';
import { ModuleBlock } from './module-block.ts';
import { isPerformance, PERFORMANCE_VERSION } from './performance-schema.ts';
import { ReplacedFile } from './replaced-file.ts';
import type { Store } from './store.ts';

export const PERFORMANCE_FILE = 'performance.json';

interface Shown {
  /** Sequence number of the newest run that it shows. */
  newest: number;
  block: ModuleBlock;
}

type PerformanceSource = Pick<
  Store,
  'newestRuns' | 'counts' | 'runs' | 'runsAfter' | 'mends' | 'fact' | 'setFact'
>;

/**
 * `performance.json`, a projection: the same store gives the same bytes. What was written is kept, so that only further runs
 * are read and rendered. The file is always written whole: it is the one that people and programs read.
 */
export class PerformanceFile {
  readonly #store: PerformanceSource;
  readonly #file: ReplacedFile;
  readonly #shown = new Map<string, Shown>();
  /** What it was made with: with something else, nothing that is kept can be used. */
  #made = '';
  #order: string[] = [];

  constructor(store: PerformanceSource, dataFolder: string) {
    this.#store = store;
    this.#file = new ReplacedFile(join(dataFolder, PERFORMANCE_FILE), isPerformance, store);
  }

  /**
   * Replaces the file as a whole.
   *
   * @param updatedAt when the newest iteration ended: with another one the file differs, although nothing happened
   * @param historyRuns the most runs that are shown of each module
   * @param order names of modules in the order in which they are shown; the others follow by their names
   * @returns messages for the user: what was set aside
   * @throws WatchkeeperError 'file' or 'store'; the old file is then untouched, and the next write catches up
   */
  write(updatedAt: string, historyRuns: number, order: string[] = []): string[] {
    this.#refresh(historyRuns);
    this.#order = arranged([...this.#shown.keys()], order);
    return this.#file.write(this.#pieces(updatedAt, historyRuns), Date.parse(updatedAt));
  }

  /** Whether it is as it was last written; true where it was not written yet. */
  isAsLeft(): boolean {
    return this.#file.isAsLeft();
  }

  /** The averages of every module, as they were last written. */
  averages(): Record<string, Averages> {
    const entries = this.#order.map(module => [module, this.#shown.get(module)?.block.averages]);
    return Object.fromEntries(entries);
  }

  #refresh(historyRuns: number): void {
    const made = `${historyRuns}/${this.#store.mends()}`;
    if (made !== this.#made) this.#shown.clear();
    this.#made = made;
    for (const [module, newest] of this.#store.newestRuns()) {
      const shown = this.#shown.get(module);
      if (shown?.newest === newest) continue;
      const block = shown?.block ?? new ModuleBlock(module, historyRuns);
      block.add(this.#store.runsAfter(module, shown?.newest ?? 0, historyRuns), this.#store.counts(module));
      this.#shown.set(module, { newest, block });
    }
  }

  *#pieces(updatedAt: string, historyRuns: number): Iterable<string | Uint8Array> {
    const head = `"version": ${PERFORMANCE_VERSION}, "updatedAt": ${JSON.stringify(updatedAt)}, "historySize": ${historyRuns}`;
    yield `{\n  ${head},\n  "modules": {`;
    let separator = '\n    ';
    for (const module of this.#order) {
      yield separator;
      yield* this.#shown.get(module)?.block.pieces() ?? [];
      separator = ',\n    ';
    }
    yield this.#order.length === 0 ? '}\n}\n' : '\n  }\n}\n';
  }
}

/** The order is part of the text: by when a module was first seen, the same history would not always give the same file. */
function arranged(names: string[], order: string[]): string[] {
  const places = new Map(order.map((name, place) => [name, place]));
  const placeOf = (name: string): number => places.get(name) ?? places.size;
  return names.sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}
