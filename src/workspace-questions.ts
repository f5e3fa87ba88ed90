import type { KeptBaseline } from './baseline/kept.ts';
import type { BisectAnswer } from './bisecting/answer.ts';
import type { BisectPorts, BisectRequest } from './bisecting/request.ts';
import type { ExportRequest } from './export/format.ts';
import type { ChangeEvent } from './glossary/event.ts';
import type { Point, Range, SeriesName } from './glossary/history.ts';
import type { Incident } from './glossary/judgement.ts';
import type { Run } from './glossary/run.ts';
import type { MetricReport } from './intake/report-metric.ts';
import type { BottlenecksAnswer, BottlenecksQuestion } from './questions/bottlenecks.ts';
import type { RegressionAnswer, RegressionQuestion } from './questions/check-regression.ts';
import type { CompareAnswer, CompareQuestion } from './questions/compare.ts';
import type { ForecastAnswer, ForecastQuestion } from './questions/forecast.ts';
import type { BaselineRequest } from './questions/set-baseline.ts';
import type { TrendsAnswer, TrendsQuestion } from './questions/trends.ts';
import type { Finding } from './recommend/finding.ts';
import type { ReportData } from './report/data.ts';
import type { Benched, BenchPorts, BenchRequest } from './trials/bench-request.ts';

/** Beside a benchmark: to stop it, and to hear how it goes on. Warnings are Node's own where nobody hears them here. */
export type BenchOptions = Given<Omit<BenchPorts, 'env'>>;
/** The same for a bisection. */
export type BisectOptions = Given<Omit<BisectPorts, 'env'>>;

type Given<Ports> = { [Port in keyof Ports]?: Ports[Port] | undefined };

/**
 * A workspace to ask: the same questions as on the command line, by the same names. It reads the store beside a running supervisor or
 * without one; each answer is that of its moment, also where another store has been put in the place of the one that was opened.
 *
 * Every method may throw a `WatchkeeperError` with a `code`: `usage` where an argument is of a wrong form (unknown keys too) or what is
 * asked for does not exist, `store` or `file` where it cannot be read. Times are milliseconds since 1970 where a name ends in `Ms`, else
 * ISO 8601; other units are in the names.
 */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  /** Modules that have runs, in the order in which they were first seen. */
  modules(): string[];
  /** Every series that has values: a metric of a module, of a service, of `system`, with its labels. */
  metrics(): SeriesName[];
  /** The newest runs of a module, oldest first. */
  runs(module: string, newest?: number): Run[];
  /** The values of `MODULE.METRIC` in a range, oldest first. */
  values(metric: string, range?: Range): Point[];
  /** Incidents, open ones first. */
  incidents(filter?: { open?: boolean; module?: string; sinceMs?: number }): Incident[];
  /** Changes that the rule did not see, newest first. */
  changes(sinceMs?: number): ChangeEvent[];
  baselines(): KeptBaseline[];
  setBaseline(request: BaselineRequest): KeptBaseline[];
  /** Of a module, or of one of its metrics. @returns how many there were */
  removeBaselines(module: string, metric?: string): number;
  /** By the floors of watchkeeper.yaml as it was when the workspace was opened, unless the question has its own. */
  checkRegression(question?: RegressionQuestion): RegressionAnswer;
  forecast(question: ForecastQuestion): ForecastAnswer;
  trends(question: TrendsQuestion): TrendsAnswer;
  compare(question?: CompareQuestion): CompareAnswer;
  bottlenecks(question?: BottlenecksQuestion): BottlenecksAnswer;
  /** What could be set better. @throws WatchkeeperError 'config' where watchkeeper.yaml has problems; so does `report` */
  recommend(): Promise<Finding[]>;
  /** All that the report shows. @param sinceMs default: seven days ago */
  report(sinceMs?: number): Promise<ReportData>;
  /** Runs written out for other programs, piece by piece: text, bytes where the format is binary. Memory does not depend on how many there are. */
  export(request?: ExportRequest): AsyncGenerator<string | Uint8Array>;
  /** Runs a module again and again under the meter; nothing of it gets into the history. Signals are left to the program: see `stop`. */
  bench(request: BenchRequest, options?: BenchOptions): Promise<Benched>;
  /** Finds the commit that a metric changed with, in work trees of their own. @returns null where it was stopped */
  bisect(request: BisectRequest, options?: BisectOptions): Promise<BisectAnswer | null>;
  /** Hands a value to the running supervisor. @throws WatchkeeperError where none is running, or a name is not allowed */
  record(metric: MetricReport): Promise<void>;
  close(): void;
  [Symbol.dispose](): void;
}
