import type { Direction, Kind, Severity } from '../glossary/event.ts';
import type { Outcome } from '../glossary/run.ts';

/**
 * What a report shows: facts, put together by somebody else, in the order in which they are to be shown. The JSON format is this.
 *
 * Times are milliseconds since 1970 (`...Ms`), units are in the names, MB is 10^6 bytes, shares go from 0 to 1, "no value" is
 * null. Every list may be empty. Numbers are finite. Texts may hold anything: whoever shows them escapes them.
 */
export interface ReportData {
  /** Grows only by what readers may pass over. */
  version: 1;
  /** The name of the workspace: its folder's, or one that the user has given. */
  workspace: string;
  /** IANA name; days begin and times are shown in this zone. */
  timezone: string;
  generatedAtMs: number;
  fromMs: number;
  toMs: number;
  summary: Summary;
  /** The machine, `system.cpuPercent` and so on, without the `system.` in front. */
  system: MetricReport[];
  modules: ModuleReport[];
  /** Open ones first, then the newest first. */
  incidents: ReportIncident[];
  /** The most important one first. */
  recommendations: Recommendation[];
}

/** The whole workspace in the time that the report is about. */
export interface Summary {
  /** Skipped ones are not among them. */
  runs: number;
  /** Runs that ended with an error, by their timeout, or killed. */
  failures: number;
  /** (runs - failures) / runs; null without runs. */
  successRate: number | null;
  iterations: number;
  openIncidents: number;
  /** CPU time of all runs; null where it was not measured. */
  cpuHours: number | null;
  system: SystemFigures;
}

/** What is known of the machine; all null where no sampler ran. */
export interface SystemFigures {
  /** All cores together are 100. */
  cpuPercent: { mean: number; max: number } | null;
  memoryUsedMb: { mean: number; max: number } | null;
  memoryTotalMb: number | null;
  /** At the end of the time. */
  diskFreeMb: number | null;
  /** What is free and what is used together, as `df` counts the share that is used: without what is kept for the superuser. */
  diskTotalMb: number | null;
}

export interface ModuleReport {
  name: string;
  /** In words: `every 5m`, `after collector`; null: by hand alone. */
  schedule: string | null;
  counts: Record<Outcome, number>;
  cpuHours: number | null;
  lastRun: { timeMs: number; outcome: Outcome } | null;
  /** When runs of a revision were first seen, oldest first. */
  revisions: RevisionMark[];
  /** Oldest first. */
  failures: Failure[];
  /** The first one is drawn large. */
  metrics: MetricReport[];
}

export interface RevisionMark {
  timeMs: number;
  revision: string;
  /** First line of the commit's message, where it is known. */
  subject: string | null;
}

export interface Failure {
  timeMs: number;
  outcome: Exclude<Outcome, 'ok' | 'skipped'>;
  reason: string | null;
}

/** One metric of one module, or of the machine. */
export interface MetricReport {
  /** `runtimeSeconds`, or a custom one's own name. */
  metric: string;
  series: Series;
  /** Null: taken from the series. */
  figures: MetricFigures | null;
  baseline: Band | null;
  /** A line that the metric must not reach: a timeout, a disk's size. */
  limit: { value: number; name: string } | null;
  anomalies: Anomaly[];
  changes: Change[];
  trend: Trend | null;
  regression: Regression | null;
  forecast: Forecast | null;
}

/** Oldest first, all arrays of one length; times without a value are left out. */
export type Series = { kind: 'values'; timesMs: readonly number[]; values: readonly number[] } | RollUpSeries;

/** For long times: what lies within `[timesMs[i], timesMs[i] + bucketMs)`; buckets without values are left out. */
export interface RollUpSeries {
  kind: 'roll-up';
  bucketMs: number;
  timesMs: readonly number[];
  counts: readonly number[];
  mean: readonly number[];
  min: readonly number[];
  max: readonly number[];
  p95: readonly number[];
}

export interface MetricFigures {
  count: number;
  mean: number;
  /** Null where only roll-ups are known; the same for `p95`. */
  median: number | null;
  p95: number | null;
  min: number;
  max: number;
}

/** What is normal, from each time on until the next one. One entry holds for the whole time. */
export interface Band {
  timesMs: readonly number[];
  low: readonly number[];
  high: readonly number[];
}

export interface Anomaly {
  timeMs: number;
  value: number;
  direction: Direction;
  /** Below 0 where the value is below; null where it is off from 0. */
  deviationPercent: number | null;
  /** The following three are null where nothing but the rule has judged. */
  kind: Kind | null;
  severity: Severity | null;
  /** 0 to 1. */
  confidence: number | null;
  message: string;
}

/** A new level that lasts. */
export interface Change {
  /** Its first run. */
  timeMs: number;
  before: number;
  after: number;
  deviationPercent: number | null;
  severity: Severity;
  /** 0 to 1. */
  confidence: number;
  /** Of the last run before it and of its first one; null outside git. */
  revisionBefore: string | null;
  revisionAfter: string | null;
  /** First line of the message of the commit that it came with, where it is known. */
  subject: string | null;
  message: string;
}

export interface Trend {
  /** In the metric's unit, with its interval; `level` of the interval as a share, usually 0.95. */
  slopePerDay: number;
  low: number;
  high: number;
  level: number;
  /** `rising`, `falling`: the interval does not hold 0. */
  direction: 'rising' | 'falling' | 'steady';
  /** The same for a person: `grows by 2.1 MB a day`. */
  words: string;
}

export interface Regression {
  verdict: 'worse' | 'better' | 'same' | 'unclear';
  /** Recent against reference, with its interval; null where the reference is 0. */
  percent: number | null;
  lowPercent: number | null;
  highPercent: number | null;
  level: number;
  reference: number;
  recent: number;
  /** 0 to 1: how sure it is that there is a difference; null where too little is known. */
  confidence: number | null;
  /** What with what: `the last 20 runs against the baseline of 14 November`. */
  words: string;
}

export interface Forecast {
  /** `ensemble`, `Holt-Winters`, ... */
  method: string;
  timesMs: readonly number[];
  values: readonly number[];
  low: readonly number[];
  high: readonly number[];
  /** Of the interval, as a share. */
  level: number;
  /** How good it is, for a person: `no better than the last value`. */
  words: string;
  /** When it reaches the limit; null: not in the time ahead. */
  reachesLimitMs: number | null;
}

export interface ReportIncident {
  id: string;
  module: string;
  metric: string;
  status: 'open' | 'recovered' | 'persisted';
  direction: Direction;
  openedAtMs: number;
  endedAtMs: number | null;
  baseline: number;
  /** The value that opened it. */
  value: number;
  deviationPercent: number | null;
  severity: Severity | null;
  confidence: number | null;
  /** Runs since the one that opened it. */
  runsOpen: number;
}

export interface Recommendation {
  /** Null: of the whole workspace. */
  module: string | null;
  metric: string | null;
  severity: Severity;
  /** One sentence. */
  finding: string;
  evidence: readonly string[];
  /** The place in `watchkeeper.yaml`, `modules.collector.timeout`, as texts that can stand there; null: nothing to set. */
  setting: { path: string; from: string | null; to: string } | null;
}
