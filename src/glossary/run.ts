export const OUTCOMES = ['ok', 'error', 'timeout', 'killed', 'skipped'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const TRIGGERS = ['schedule', 'after', 'change', 'manual', 'retry'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** The metrics that every run has, in the order in which they are shown. */
export const BASE_METRICS = ['runtimeSeconds', 'cpuPercent', 'memoryMb', 'apiLatencySeconds'] as const;
export type BaseMetric = (typeof BASE_METRICS)[number];

/** The metrics that a run has where its module says what they are made of. */
export const REPORTED_METRICS = ['setupSeconds', 'cleanupSeconds', 'samplesPerSecond'] as const;
export type ReportedMetric = (typeof REPORTED_METRICS)[number];

/** What the system counts beside: kept, but judged only where the configuration asks for it, because it is mostly noise. */
export const COUNTED_METRICS = ['diskReadMb', 'diskWrittenMb', 'contextSwitches'] as const;
export type CountedMetric = (typeof COUNTED_METRICS)[number];

export interface ApiFigures {
  count: number;
  errors: number;
  p95: number;
  max: number;
}

/** A run from its start on, before anything is known of its end. */
export interface StartedRun {
  id: string;
  module: string;
  iteration: number;
  trigger: Trigger;
  attempt: number;
  startedAt: string;
  /** Newest commit of the workspace that is not the supervisor's own, `+` after it where files are changed. */
  revision: string | null;
}

/** One execution of one module, as it stands in the store and in `performance.json`. */
export interface Run extends StartedRun {
  endedAt: string;
  outcome: Outcome;
  exitCode: number | null;
  signal: string | null;
  /** From start to end, by a clock that cannot jump; null for a skipped run. */
  runtimeSeconds: number | null;
  /** All CPU time that the process tree used. */
  cpuSeconds: number | null;
  /** cpuSeconds / runtimeSeconds x 100: one core is 100. */
  cpuPercent: number | null;
  /** Peak resident memory of the process tree. */
  memoryMb: number | null;
  /** Mean over the run's requests. */
  apiLatencySeconds: number | null;
  api: ApiFigures | null;
  /** From the start until its module said that it is set up. */
  setupSeconds: number | null;
  /** From the moment at which its module said that it cleans up, to the end. */
  cleanupSeconds: number | null;
  /** The custom metric `samplesProcessed` over the runtime without setup and cleanup. */
  samplesPerSecond: number | null;
  /** What the process tree read from storage: not what the system still had in memory. */
  diskReadMb: number | null;
  /** What the process tree gave to file systems that have storage. */
  diskWrittenMb: number | null;
  /** Of all threads of the process tree, voluntary or not. */
  contextSwitches: number | null;
  custom: Record<string, number>;
  labels: Record<string, string>;
  /** Why a run is not `ok`, in words for a person; null where it is. */
  reason: string | null;
}

/** The moments that a module can mark. */
export const MARKS = ['setup-end', 'cleanup-start'] as const;
export type Mark = (typeof MARKS)[number];

/** What a module said of itself in its metrics file. */
export interface ReportedMetrics {
  apiLatencySeconds: number | null;
  api: ApiFigures | null;
  custom: Record<string, number>;
  /** Metrics of the run itself that it gave as numbers. */
  own: Record<ReportedMetric, number | null>;
  /** In ms since 1970, by the wall clock. */
  marks: Record<Mark, number | null>;
  labels: Record<string, string>;
  badLines: number;
}

/** Lifetime counts of one module. */
export interface ModuleCounts {
  successCount: number;
  errorCount: number;
  restartCount: number;
}
