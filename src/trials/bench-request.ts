import type { BenchAnswer } from '../questions/bench.ts';
import type { Trial } from './trial.ts';

export interface BenchRequest {
  module: string;
  /** Those that count. Default: 30; at most 10,000 */
  runs?: number | undefined;
  /** Runs before them that do not count. Default: 1 */
  warmup?: number | undefined;
  /** The name under which the result is kept and compared with the last one. Default: it is not */
  suite?: string | null | undefined;
}

export interface BenchPorts {
  env: Record<string, string | undefined>;
  /** Ends the run under way, and lets no other begin. */
  stop: AbortSignal;
  warn(message: string): void;
  /** After each run; `number` counts those of the warm-up, too. */
  onRun(trial: Trial, number: number): void;
}

/** What a benchmark says, and what became of it. */
export interface Benched extends BenchAnswer {
  /** The file that the result is kept in; null where it is not: no suite was named, a run failed, or it could not be written. */
  kept: string | null;
  /** Ended before all of them: it was stopped, or one run failed after the other. */
  isCut: boolean;
}
