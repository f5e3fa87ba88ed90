/**
 * The nouns of Watchkeeper, and the interfaces between its parts.
 *
 * Glossary (the same words in code, configuration, commands and documents):
 *
 * - workspace: a directory with `watchkeeper.yaml`; `data/` and `logs/` lie beside it
 * - module: a command that runs to its end as a child process
 * - service: a command that is kept running as a child process
 * - run: one execution of one module; each retry is a run of its own (`attempt`)
 * - iteration: the batch of runs that one tick starts: due modules, then what comes `after` them
 * - metric: one measured number of a run: a base metric (`runtimeSeconds`, `cpuPercent`, `memoryMb`, `apiLatencySeconds`), what
 *   its module says of it (`setupSeconds`, `cleanupSeconds`, `samplesPerSecond`), what the system counts beside (`diskReadMb`,
 *   `diskWrittenMb`, `contextSwitches`), or a custom one
 * - quality metric: a custom metric by one of the names `accuracy`, `precision`, `recall`, `f1Score`: less is worse
 * - label: a name and a text that a run is told apart by (`model`: `v3`)
 * - mark: a moment in a run that its module notes: `setup-end`, `cleanup-start`
 * - sample: one value of a metric that belongs to no run: the machine's, or what a service or program reports
 * - source: who reports a sample: `system`, or the name of a module, service or program
 * - baseline: what a metric is compared with
 * - anomaly: a metric of a run that leaves its baseline by more than the threshold
 * - incident: an anomaly from its first run to its end, `recovered` or `persisted`
 * - series: all values of one metric of one source and set of labels, in the order of their recording
 * - roll-up: what is kept of a series for each hour and each day, for ever
 * - store: `data/watchkeeper.db`, the truth; everything else in `data/` is a projection of it
 *
 * Units are in the names. Times in ISO 8601 (UTC) where a person reads them, milliseconds since 1970 in code
 * (`...Ms`), durations in milliseconds in settings (`...Ms`) and in seconds in metrics (`...Seconds`).
 * MB is 10^6 bytes. "No value" is null, everywhere.
 */

// ---- settings: what src/config makes of watchkeeper.yaml, checked and normalised -------------------------

/** When a module is due: the slots of a cron expression in a time zone, or a fixed distance between starts. */
export type Schedule =
  | { kind: 'cron'; expression: string; timezone: string }
  | { kind: 'every'; intervalMs: number };

/** What modules and services have in common: a command and its surroundings. */
export interface Command {
  name: string;
  /** Program and arguments; with `shell` exactly one element, the text for `/bin/sh -c`. */
  argv: string[];
  shell: boolean;
  /** Absolute. */
  cwd: string;
  env: Record<string, string>;
  /** Names of variables that are handed on from the supervisor's own environment. */
  passEnv: string[];
  killGraceMs: number;
}

export interface ModuleSettings extends Command {
  /** Null: runs only after others, on a change, or by hand. */
  schedule: Schedule | null;
  after: string[];
  /** Null: no limit. */
  timeoutMs: number | null;
  retries: number;
  retryDelayMs: number;
  /** Globs relative to the workspace. */
  watch: string[];
}

export interface HealthCheck {
  url: string;
  everyMs: number;
  timeoutMs: number;
  /** So many failures in a row make the service unhealthy. */
  failures: number;
}

export interface ServiceSettings extends Command {
  health: HealthCheck | null;
  /** First delay before a restart; doubled with each restart in a row. */
  restartDelayMs: number;
  maxRestartDelayMs: number;
}

/** The rule of one metric of one module, all defaults filled in. */
export interface Rule {
  thresholdPercent: number;
  window: number;
  recoveryRuns: number;
  floor: number;
  /** A baseline that was set takes the rolling one's place; left out or null: there is none, or the rolling one is wanted. */
  fixedBaseline?: number | null;
}

/** What a value is compared with: the average of the last values, or the baseline that was set for the metric, where one was. */
export type BaselineKind = 'rolling' | 'fixed';

/** Any part of a rule that a module or a metric sets for itself; `judge: false` takes a metric out. */
export type RulePart = Partial<Omit<Rule, 'fixedBaseline'>> & { baseline?: BaselineKind; judge?: boolean };

/** How the detectors beside the rule look at a history. */
export interface ModelSettings {
  /** Values per season; null: found in the history, where there is one. */
  period: number | null;
  /** The share of runs that the isolation forest takes for unusual; null: by its score alone. */
  contamination: number | null;
  /** After so many runs the models are trained anew. */
  modelUpdateInterval: number;
  /** Makes every random choice repeatable. */
  seed: number;
}

export interface DetectionSettings extends Omit<Rule, 'floor' | 'fixedBaseline'>, ModelSettings {
  baseline: BaselineKind;
  /** Whether a real change that the rule misses is written to the log. */
  changes: boolean;
  /** Whether the LSTM autoencoder is trained, over 200 runs. */
  lstm: boolean;
  /** By metric; a metric that is not named has the floor 0. */
  floors: Record<string, number>;
  modules: Record<string, RulePart & { floors?: Record<string, number>; metrics: Record<string, RulePart> }>;
}

export type CommitStatus = 'ok' | 'recovered' | 'persisted' | 'anomaly' | 'error';

export interface GitSettings {
  enabled: boolean;
  commitOn: CommitStatus[];
  /** At most one `ok` commit in this time; 0: each. */
  okEveryMs: number;
  /** `current`, or a full ref name `refs/heads/NAME`. */
  ref: string;
}

/** A stage of operation lasts until the baselines are full, or until the workspace has been in operation so long. */
export interface Stage {
  name: string;
  until: 'baseline' | number | null;
}

/** The sampler of the machine's own metrics. */
export interface SystemSettings {
  enabled: boolean;
  everyMs: number;
}

/** What takes in the metrics that services and programs report. */
export interface IntakeSettings {
  /** Whether there is `data/metrics.sock`. */
  socket: boolean;
  /** What is counted or held is given on once in this time. */
  flushMs: number;
}

export interface Settings {
  /** The workspace, absolute. */
  root: string;
  timezone: string;
  runAtStart: boolean;
  modules: ModuleSettings[];
  services: ServiceSettings[];
  detection: DetectionSettings;
  /** Runs of each module in `performance.json`. */
  historyRuns: number;
  /** How long runs are kept in the store. */
  keepMs: number;
  /** How long single samples are kept in the store. */
  samplesMs: number;
  git: GitSettings;
  stages: Stage[];
  logs: { maxBytes: number; files: number };
  system: SystemSettings;
  intake: IntakeSettings;
}

// ---- runs ------------------------------------------------------------------------------------------------

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
type CountedMetric = (typeof COUNTED_METRICS)[number];

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

// ---- benchmarks ------------------------------------------------------------------------------------------

/** What a figure depends on beside the code: values of two machines are not to be compared. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryMb: number;
  system: string;
  node: string;
}

/** What `bench` keeps of one module's runs, in a suite of results. */
export interface BenchResult {
  module: string;
  /** ISO 8601, of its beginning. */
  time: string;
  revision: string | null;
  machine: Machine;
  /** Runs before those that count. */
  warmup: number;
  /** By metric, of the runs that count, in their order. */
  values: Record<string, number[]>;
}

// ---- samples ---------------------------------------------------------------------------------------------

/** What is sampled of each service. */
export const SERVICE_METRICS = ['memoryMb', 'uptimeSeconds'] as const;

/** One value of a metric that does not belong to a run: the machine's, or what a service or program reports. */
export interface Sample {
  timeMs: number;
  /** `system`, or the name of the module, service or program that reports. */
  source: string;
  metric: string;
  labels: Record<string, string>;
  value: number;
}

/** Takes samples in; never throws, never waits. */
export interface SampleSink {
  take(samples: readonly Sample[]): void;
}

// ---- judging ---------------------------------------------------------------------------------------------

export type Direction = 'above' | 'below';

export interface OpenIncident {
  id: string;
  run: string;
  openedAt: string;
  direction: Direction;
  /** Frozen when it opened. */
  baseline: number;
  /** The incident's values so far, its first one included. */
  values: number[];
  runsOpen: number;
}

/** All that the rule remembers of one metric of one module. */
export interface MetricState {
  /** The last values that were not anomalous, oldest first; never more than the largest window in use. */
  recent: number[];
  incident: OpenIncident | null;
}

/** By metric. */
export type ModuleState = Record<string, MetricState>;

/** `spike`: over with this run, as far as can be seen; `shift`: a new level that lasts. */
export type Kind = 'spike' | 'shift';

/** How much a change matters, by its confidence: below 0.7 info, to 0.9 warning, above it critical. */
export type Severity = 'info' | 'warning' | 'critical';

/** The first run of a shift. The commits of the user between the two revisions are what it may have come with. */
export interface Since {
  run: string;
  time: string;
  /** Of the last run before it; null outside git, or where that run is not known any more. */
  revisionBefore: string | null;
  revisionAfter: string | null;
}

/** What the detectors beside the rule say of a run's metric. */
export interface Assessment {
  /** How sure it is, from 0 to 1, that this is a real change and no noise. */
  confidence: number;
  kind: Kind;
  severity: Severity;
  /** By detector, from 0 to 1: from 0.5 on it would flag by itself; null where it knows too little. */
  votes: Record<string, number | null>;
  /** Null for a spike. */
  since: Since | null;
}

/** A line of `anomalies.log` that tells of an incident. Lines of the time before there were detectors have no assessment. */
export interface AnomalyEvent extends EventFacts, Partial<Assessment> {
  event: 'anomaly' | 'recovered' | 'persisted';
}

/** A line of `anomalies.log` that tells of a real change which the rule does not see: it opens no incident. */
export interface ChangeEvent extends EventFacts, Assessment {
  event: 'change';
}

export type LogEvent = AnomalyEvent | ChangeEvent;

/** What every line of `anomalies.log` says, also one that was read. */
export interface EventFacts {
  time: string;
  message: string;
  module: string;
  metric: string;
  value: number;
  baseline: number;
  /** Null where the baseline is 0. */
  deviationPercent: number | null;
  thresholdPercent: number;
  direction: Direction;
  run: string;
  iteration: number;
  /** Names the incident, or the change. */
  incident: string;
  runsOpen: number;
}

/** What one run did to its module's state: pure data, written to the store together with the run. */
export interface Judgement {
  state: ModuleState;
  events: AnomalyEvent[];
}

/** An incident as the store keeps it, open or ended. */
export interface Incident {
  id: string;
  module: string;
  metric: string;
  status: 'open' | 'recovered' | 'persisted';
  direction: Direction;
  baseline: number;
  /** The value that opened it. */
  value: number;
  deviationPercent: number | null;
  lastValue: number;
  run: string;
  iteration: number;
  runsOpen: number;
  openedAt: string;
  endedAt: string | null;
}

// ---- history: what is asked of the store ------------------------------------------------------------------

/** Which part of a history: between two moments (both included), and of that the newest so many. Left out: all. */
export interface Range {
  sinceMs?: number;
  untilMs?: number;
  newest?: number;
}

/** One value of a series, with the run that it belongs to. */
export interface Point {
  timeMs: number;
  value: number;
  /** Null for samples, and outside git. */
  revision: string | null;
}

export type Bucket = 'hour' | 'day';

/** What is kept of one hour or day (UTC) of a series. */
export interface Rollup {
  startMs: number;
  count: number;
  mean: number;
  /** Null with one value. */
  standardDeviation: number | null;
  min: number;
  max: number;
  /** Within 1 % of itself. */
  p50: number;
  /** Within 1 % of itself. */
  p95: number;
}

/** How the runs of a module ended in one hour or day, and how long they took together. */
export interface OutcomeRollup {
  startMs: number;
  outcome: Outcome;
  count: number;
  runtimeSeconds: number;
}

/** Names one series. Labels are as they were reported, in any order. */
export interface SeriesName {
  source: string;
  metric: string;
  labels: Record<string, string>;
}

// ---- the interfaces between the parts ----------------------------------------------------------------------

/** Wall clock in milliseconds since 1970, and a clock that never goes back, in milliseconds. */
export interface Clock {
  now(): number;
  monotonic(): number;
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

export type ServiceStatus = 'starting' | 'healthy' | 'running' | 'unhealthy' | 'waiting' | 'stopped';

export interface ServiceState {
  name: string;
  /** `healthy` and `unhealthy` by its health check, `running` without one, `waiting` before a restart. */
  status: ServiceStatus;
  pid: number | null;
  restartCount: number;
  startedAt: string | null;
  /** What went wrong last, in words; null where nothing did. */
  lastProblem: string | null;
}

/** What the present life of a service takes. */
export interface ServiceUse {
  name: string;
  /** Since it was started last, by a clock that cannot jump. */
  uptimeSeconds: number;
  memoryMb: number | null;
}

/** Lifetime counts of one module. */
export interface ModuleCounts {
  successCount: number;
  errorCount: number;
  restartCount: number;
}

/** How an iteration ended: what the terminal, the status and the commit are made of. */
export interface IterationSummary {
  iteration: number;
  startedAt: string;
  endedAt: string;
  runs: Run[];
  events: AnomalyEvent[];
  openIncidents: Incident[];
  /** Modules of the iteration that were not started any more, because the supervisor was being stopped. */
  notStarted: string[];
  message: string;
  status: CommitStatus;
  /** Short hash of the commit that this iteration was written into; null where there was none. */
  commit: string | null;
}

/** What a person is told while it happens. One member for the terminal; alerts and dashboards come as further ones. */
export interface Reporter {
  runEnded(run: Run, events: LogEvent[]): void;
  iterationEnded(summary: IterationSummary): void;
  info(message: string): void;
  warn(message: string): void;
}
