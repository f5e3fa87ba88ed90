import type { CountedMetric } from './run.ts';

/** What the meter of one child measured. */
export interface Metering extends Record<CountedMetric, number | null> {
  runtimeSeconds: number;
  cpuSeconds: number | null;
  memoryMb: number | null;
}

/** How one child ended. A failure has the shape of a success. */
export interface ChildResult extends Metering {
  startedAtMs: number;
  endedAtMs: number;
  exitCode: number | null;
  signal: string | null;
  /** Ended by us, because its time was over. */
  timedOut: boolean;
  /** Ended by us, because `stop` was called. */
  stopped: boolean;
  /** Set where the command could not be started at all; the message says what to do. */
  startError: { code: string; message: string; permanent: boolean } | null;
  /** Processes that the child had left behind and that were ended with it. */
  leftovers: number;
}

/** What one child is started with: everything decided, nothing looked up. */
export interface ChildSpec {
  id: string;
  name: string;
  argv: string[];
  shell: boolean;
  cwd: string;
  /** The whole environment of the child. */
  env: Record<string, string>;
  timeoutMs: number | null;
  killGraceMs: number;
  /** Whether its CPU time and memory are followed while it runs; without it only what the kernel counts in the end is known. */
  metered: boolean;
  /** Takes the child's output; `end` resolves when all of it is written. */
  output: OutputSink;
}

export interface OutputSink {
  /** Returns false where the writer is behind: wait for `drained` before handing over more. */
  write(chunk: Uint8Array, source: 'stdout' | 'stderr'): boolean;
  drained(): Promise<void>;
  end(): Promise<void>;
}

export interface Child {
  /** Process id of the command; null until it runs, and where it could not be started. */
  pid: number | null;
  /** Never rejects for anything that the command does. */
  ended: Promise<ChildResult>;
  /** SIGTERM to the whole tree, SIGKILL after the grace; resolves when it is over. */
  stop(): Promise<void>;
  /** SIGKILL to the whole tree as it is now, and no waiting: for a supervisor that ends at once. */
  kill(): void;
  /** Resident memory of the whole tree at this moment; null where it does not run, or the system does not say. */
  memoryMb(): number | null;
}

/** Starts commands and meters them; on this machine or, one day, another. */
export interface Runner {
  start(spec: ChildSpec): Child;
}
