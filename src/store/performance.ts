import { join } from 'node:path';
import type { ModuleCounts, Run } from '../types.ts';
import { writeFileAtomic } from './atomic.ts';
import { type Averages, averagesOf } from './averages.ts';
import type { Store } from './store.ts';

export const PERFORMANCE_FILE = 'performance.json';
export const PERFORMANCE_VERSION = 1;

interface Block {
  /** Changes when and only when the text would. */
  key: string;
  averages: Averages;
  /** Bytes and not a string: half the memory, and outside the heap. */
  text: Buffer;
}

type PerformanceSource = Pick<Store, 'newestRuns' | 'counts' | 'runs'>;

/**
 * `performance.json`, a projection: the same store gives the same bytes. Each module's part is kept as it was last
 * written, so that only modules with new runs are rendered again.
 */
export class PerformanceFile {
  readonly #store: PerformanceSource;
  readonly #path: string;
  readonly #blocks = new Map<string, Block>();

  constructor(store: PerformanceSource, dataFolder: string) {
    this.#store = store;
    this.#path = join(dataFolder, PERFORMANCE_FILE);
  }

  /**
   * Replaces the file as a whole.
   *
   * @param updatedAt when the newest iteration ended: with another one the file differs, although nothing happened
   * @param historyRuns the most runs that are shown of each module
   * @returns messages for the user: what was set aside
   * @throws WatchkeeperError 'file' or 'store'; the old file is then untouched, and the next write catches up
   */
  write(updatedAt: string, historyRuns: number): string[] {
    this.#refresh(historyRuns);
    const aside = writeFileAtomic(this.#path, this.#pieces(updatedAt, historyRuns), Date.parse(updatedAt));
    return aside === null ? [] : [`${PERFORMANCE_FILE} was not a regular file: set aside as ${aside}`];
  }

  /** The averages of every module, as they were last written. */
  averages(): Record<string, Averages> {
    return Object.fromEntries([...this.#blocks].map(([module, { averages }]) => [module, averages]));
  }

  #refresh(historyRuns: number): void {
    for (const [module, newest] of this.#store.newestRuns()) {
      const key = `${newest}/${historyRuns}`;
      if (this.#blocks.get(module)?.key === key) continue;
      const runs = this.#store.runs(module, historyRuns);
      const averages = averagesOf(runs);
      const text = Buffer.from(blockOf(this.#store.counts(module), averages, runs));
      this.#blocks.set(module, { key, averages, text });
    }
  }

  *#pieces(updatedAt: string, historyRuns: number): Iterable<string | Uint8Array> {
    const head = `"version": ${PERFORMANCE_VERSION}, "updatedAt": ${JSON.stringify(updatedAt)}, "historySize": ${historyRuns}`;
    yield `{\n  ${head},\n  "modules": {`;
    let separator = '\n    ';
    for (const [module, { text }] of this.#blocks) {
      yield `${separator}${JSON.stringify(module)}: `;
      yield text;
      separator = ',\n    ';
    }
    yield this.#blocks.size === 0 ? '}\n}\n' : '\n  }\n}\n';
  }
}

function blockOf(counts: ModuleCounts, averages: Averages, runs: Run[]): string {
  const { successCount, errorCount, restartCount } = counts;
  return `{
      "successCount": ${successCount}, "errorCount": ${errorCount}, "restartCount": ${restartCount},
      "averages": ${JSON.stringify(averages)},
      "runs": [
        ${runs.map(lineOf).join('\n      , ')}
      ]
    }`;
}

/**
 * One run on one line. The comma leads the line, so that a further run adds a line to a commit's diff and changes no other.
 * `module` is not repeated, `reason` is there only where there is one.
 */
function lineOf({ module: _, reason, ...run }: Run): string {
  const { id, iteration, trigger, attempt, startedAt, endedAt, outcome, exitCode, signal } = run;
  const { runtimeSeconds, cpuSeconds, cpuPercent, memoryMb, apiLatencySeconds, api, custom, revision } = run;
  return JSON.stringify({
    ...{ id, iteration, trigger, attempt, startedAt, endedAt, outcome, exitCode, signal },
    ...{ runtimeSeconds, cpuSeconds, cpuPercent, memoryMb, apiLatencySeconds, api, custom, revision },
    ...(reason === null ? {} : { reason }),
  });
}
