import type { KeptBaseline } from './baseline/kept.ts';
import type { ChangeEvent, LogEvent } from './glossary/event.ts';
import type { Bucket, OutcomeRollup, Point, Range, Rollup, SeriesName } from './glossary/history.ts';
import type { Incident } from './glossary/judgement.ts';
import type { ModuleCounts, Run } from './glossary/run.ts';

/** Which runs are meant; what is not named does not narrow them. */
export interface RunRange {
  /** Started at this moment or later, in ms since 1970. */
  sinceMs?: number | undefined;
  /** Started before this moment. */
  untilMs?: number | undefined;
  module?: string | undefined;
  /** Recorded no later than the run with this sequence number: what is recorded meanwhile does not count. */
  lastSeq?: number | undefined;
}

interface IncidentFilter {
  /** true: only the open ones; false: only the ended ones. */
  open?: boolean;
  module?: string;
  /** Only those that were open at this moment or later. */
  sinceMs?: number;
}

/** What whoever asks about a history needs of the store, which has all of it. Each call reads what is there at that moment. */
export interface HistoryReader {
  /** Modules that have runs, in the order in which they were first seen. */
  moduleNames(): string[];
  /** Over the whole life of the workspace; zeros for an unknown module. */
  counts(module: string): ModuleCounts;
  /** How many iterations began between two moments. */
  iterationsBetween(fromMs: number, toMs: number): number;
  /** The newest `limit` runs of a module, oldest first, by the order in which they were recorded: clocks jump. */
  runs(module: string, limit: number): Run[];
  /** The newest `limit` runs of a module that ended well, like `runs`. */
  goodRuns(module: string, limit: number): Run[];
  /**
   * The runs of a range, at most `size` at once, by the order in which they were recorded: clocks jump. Each page is a query of its own, so that
   * the supervisor writes and tidies up between them; what it records meanwhile follows, unless the range ends before it.
   */
  runPages(range: RunRange, size: number): Generator<Run[]>;
  /** The values of a metric over the `ok` runs of a module that started in a range, oldest first by the order of recording. */
  values(module: string, metric: string, range: Range): Point[];
  /**
   * Raw samples of a metric in a range, in the order of their times.
   *
   * @param labels null: of all series of the metric
   */
  samples(source: string, metric: string, labels: Record<string, string> | null, range: Range): Point[];
  /**
   * The hours or days (UTC) of a series that begin in a range, oldest first.
   *
   * @param labels null: all series of the metric joined
   */
  rollups(
    source: string,
    metric: string,
    labels: Record<string, string> | null,
    bucket: Bucket,
    range: Range,
  ): Rollup[];
  /** How the runs of a module ended, by hour or day, oldest first. */
  outcomes(module: string, bucket: Bucket, range: Range): OutcomeRollup[];
  /** Every series that has values, by source and metric; of one source, where it is named. */
  seriesNames(source?: string | null): SeriesName[];
  /** By module and metric. */
  baselines(): KeptBaseline[];
  /** Null where none was set. */
  baseline(module: string, metric: string): KeptBaseline | null;
  /** Open ones first, each group newest first. */
  incidents(filter?: IncidentFilter): Incident[];
  /** Changes that the rule did not see, newest first: at or after a moment (default: of all time), at most so many. */
  changes(sinceMs?: number, limit?: number): ChangeEvent[];
  /** The events of `anomalies.log` at or after a moment, in their order. */
  eventsSince(sinceMs: number): LogEvent[];
}
