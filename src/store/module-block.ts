import type { ModuleCounts, Run } from '../glossary/run.ts';
import { type Averages, averagesOfFigures, FIGURES, figuresOf } from './averages.ts';
import { furtherOf } from './run-record.ts';

/** The comma leads the line, so that a further run adds a line to a commit's diff and changes no other. */
const SEPARATOR = '\n      , ';
const TAIL = '\n      ]\n    }';

/** So much more than is needed is taken, so that a further run seldom needs a larger buffer. */
const SLACK = 1.05;

/**
 * The part of one module in `performance.json`, kept as it is written: its runs as lines of bytes (half the memory of text, and
 * outside the heap), and of their figures what the averages need. A further run costs its own line, not those before it.
 */
export class ModuleBlock {
  readonly #name: string;
  readonly #keep: number;
  /** A text: so short a buffer would hold on to the many times larger one that it is cut from. */
  #head = '';
  /** Each run's line, led by a separator, in its first `#length` bytes. */
  #lines: Buffer = Buffer.alloc(0);
  #length = 0;
  #lengths: number[] = [];
  #figures: number[] = [];
  averages: Averages = averagesOfFigures([]);

  /** @param keep the most runs that are shown */
  constructor(name: string, keep: number) {
    this.#name = name;
    this.#keep = keep;
  }

  /** Takes further runs in, oldest first; the oldest ones that are too many go. @param counts as they are by now */
  add(runs: Run[], counts: ModuleCounts): void {
    const added = runs.slice(-this.#keep);
    this.#drop(Math.max(0, this.#lengths.length + added.length - this.#keep));
    const lines = added.map(run => Buffer.from(SEPARATOR + lineOf(run)));
    this.#makeRoom(lines.reduce((sum, { length }) => sum + length, 0));
    for (const line of lines) {
      this.#length += line.copy(this.#lines, this.#length);
      this.#lengths.push(line.length);
    }
    this.#figures.push(...added.flatMap(figuresOf));
    this.averages = averagesOfFigures(this.#figures);
    this.#head = headOf(this.#name, counts, this.averages);
  }

  /** What is written of it. Valid until runs are added. */
  pieces(): (string | Buffer)[] {
    return [this.#head, this.#lines.subarray(SEPARATOR.length, this.#length), TAIL];
  }

  #drop(count: number): void {
    const dropped = this.#lengths.splice(0, count).reduce((sum, length) => sum + length, 0);
    this.#figures.splice(0, count * FIGURES);
    this.#lines.copyWithin(0, dropped, this.#length);
    this.#length -= dropped;
  }

  #makeRoom(added: number): void {
    const needed = this.#length + added;
    if (needed <= this.#lines.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.ceil(needed * SLACK));
    this.#lines.copy(larger, 0, 0, this.#length);
    this.#lines = larger;
  }
}

function headOf(name: string, counts: ModuleCounts, averages: Averages): string {
  const { successCount, errorCount, restartCount } = counts;
  return `${JSON.stringify(name)}: {
      "successCount": ${successCount}, "errorCount": ${errorCount}, "restartCount": ${restartCount},
      "averages": ${JSON.stringify(averages)},
      "runs": [
        `;
}

/** One run on one line. `module` is not repeated, `reason` and what a run need not have are there only where there is one. */
function lineOf(run: Run): string {
  const { reason, id, iteration, trigger, attempt, startedAt, endedAt, outcome, exitCode, signal } = run;
  const { runtimeSeconds, cpuSeconds, cpuPercent, memoryMb, apiLatencySeconds, api, custom, revision } = run;
  return JSON.stringify({
    ...{ id, iteration, trigger, attempt, startedAt, endedAt, outcome, exitCode, signal },
    ...{ runtimeSeconds, cpuSeconds, cpuPercent, memoryMb, apiLatencySeconds, api, custom, revision },
    ...furtherOf(run),
    ...(reason === null ? {} : { reason }),
  });
}
