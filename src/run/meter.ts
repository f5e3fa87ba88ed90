import type { Clock } from '../glossary/clock.ts';

/** A process as it can be told from a later one of the same number. */
export interface KnownProcess {
  pid: number;
  startTime: number;
}

export interface Meter {
  /** Largest resident memory of the whole tree at one time, in bytes; null where nothing was seen. */
  peakBytes(): number | null;
  /** CPU seconds that are known for certain: never too much, but what was not seen is missing. Null for less than a tick. */
  cpuSeconds(): number | null;
  /** The processes of the tree that were there at the last look. */
  known(): KnownProcess[];
  /** Looks at once, if that does not cost too much: there may be a new process in the tree. */
  noticeNewProcess(): void;
  stop(): void;
}

export interface MeterOptions {
  clock: Clock;
  /** Process at whose head the tree stands. */
  root: number;
  /** Whether the root is part of what is measured: the command itself, rather than its keeper. */
  countRoot: boolean;
}
