import type { Table } from './table.ts';

export interface BenchOptions {
  /** As few repetitions as show that it works at all: the figures mean nothing. */
  quick: boolean;
  /** For whoever waits. */
  progress(text: string): void;
}

/** One part of the benchmark: a file of its own, and a line in `parts.ts`. */
export interface BenchPart {
  /** For `--only`. */
  name: string;
  measure(options: BenchOptions): Promise<Table[]>;
}
