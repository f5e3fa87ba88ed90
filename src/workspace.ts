import { resolve } from 'node:path';
import type { KeptBaseline } from './baseline/kept.ts';
import { loadSettings } from './config/load.ts';
import { formatProblems } from './config/problems.ts';
import { floorFor } from './config/rules.ts';
import { FILE_NAME } from './config/source.ts';
import { WatchkeeperError } from './errors.ts';
import { type MetricReport, reportMetric } from './intake/report-metric.ts';
import { type BottlenecksAnswer, type BottlenecksQuestion, bottlenecks } from './questions/bottlenecks.ts';
import {
  checkRegression,
  type RegressionAnswer,
  type RegressionQuestion,
} from './questions/check-regression.ts';
import { type CompareAnswer, type CompareQuestion, compare } from './questions/compare.ts';
import { type ForecastAnswer, type ForecastQuestion, forecast } from './questions/forecast.ts';
import { METRIC_FORM, parseMetricName } from './questions/metric-name.ts';
import { pointsOf } from './questions/series.ts';
import { type BaselineRequest, baselinesFor } from './questions/set-baseline.ts';
import { type TrendsAnswer, type TrendsQuestion, trends } from './questions/trends.ts';
import { openToShow } from './reading.ts';
import type { Finding } from './recommend/finding.ts';
import type { ReportData } from './report/data.ts';
import { recommendationsOf, reportOf } from './reporting.ts';
import { amending } from './store/amend.ts';
import type { Store } from './store/store.ts';
import type {
  ChangeEvent,
  DetectionSettings,
  Incident,
  Point,
  Range,
  Run,
  SeriesName,
  Settings,
} from './types.ts';

export type { KeptBaseline } from './baseline/kept.ts';
export { WatchkeeperError } from './errors.ts';
export type {
  BaselineRequest,
  BottlenecksAnswer,
  BottlenecksQuestion,
  ChangeEvent,
  CompareAnswer,
  CompareQuestion,
  Finding,
  ForecastAnswer,
  ForecastQuestion,
  Incident,
  MetricReport,
  Point,
  Range,
  RegressionAnswer,
  RegressionQuestion,
  ReportData,
  Run,
  SeriesName,
  TrendsAnswer,
  TrendsQuestion,
};

/**
 * A workspace to ask: the same questions as on the command line, by the same names. It reads the store beside a running supervisor or
 * without one; each answer is that of its moment.
 *
 * Every method may throw a `WatchkeeperError` with a `code`: `usage` where what is asked for does not exist, `store` or `file` where it
 * cannot be read. Times are milliseconds since 1970 where a name ends in `Ms`, else ISO 8601; other units are in the names.
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
  /** Hands a value to the running supervisor. @throws WatchkeeperError where none is running, or a name is not allowed */
  record(metric: MetricReport): Promise<void>;
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Opens a workspace for asking.
 *
 * @param root the folder with `watchkeeper.yaml`. Default: the current one
 * @throws WatchkeeperError 'store', 'file' where it has no history, or none that can be read
 * @example
 * using workspace = await openWorkspace('/srv/pipeline');
 * const { regressions } = workspace.checkRegression({ module: 'collector' });
 */
export async function openWorkspace(root = '.'): Promise<Workspace> {
  const folder = resolve(root);
  const loaded = await loadSettings(folder);
  return workspaceOf(folder, await openToShow(folder), loaded.ok ? loaded.settings.detection : null);
}

/** @param detection null where watchkeeper.yaml is missing or has problems: a history can be asked without it */
function workspaceOf(root: string, store: Store, detection: DetectionSettings | null): Workspace {
  const floorOf = (module: string, metric: string): number =>
    detection === null ? 0 : floorFor(detection, module, metric);
  return {
    root,
    modules: () => store.moduleNames(),
    metrics: () => store.seriesNames(),
    runs: (module, newest = 100) => store.runs(module, newest),
    values: (metric, range = {}) => pointsOf(store, named(metric), range),
    incidents: filter => store.incidents(filter),
    changes: sinceMs => store.changes(sinceMs),
    baselines: () => store.baselines(),
    setBaseline(request) {
      const made = baselinesFor(store, request, Date.now());
      amending(root, writes => writes.setBaselines(made));
      return made;
    },
    removeBaselines: (module, metric) =>
      amending(root, writes => writes.removeBaselines(module, metric ?? null)),
    checkRegression: (question = {}) => checkRegression(store, { floorOf, ...question }, Date.now()),
    forecast: question => forecast(store, question, Date.now()),
    trends: question => trends(store, question, Date.now()),
    compare: (question = {}) => compare(store, question),
    bottlenecks: (question = {}) => bottlenecks(store, question, Date.now()),
    recommend: async () => recommendationsOf(store, await settingsOf(root), Date.now()),
    report: async sinceMs => reportOf(store, await settingsOf(root), sinceMs ?? null, Date.now()),
    record: metric => reportMetric(root, metric),
    close: () => store.close(),
    [Symbol.dispose]: () => store.close(),
  };
}

function named(text: string) {
  const name = parseMetricName(text);
  if (name === null) throw new WatchkeeperError('usage', `'${text}' is no metric: write ${METRIC_FORM}`);
  return name;
}

async function settingsOf(root: string): Promise<Settings> {
  const loaded = await loadSettings(root);
  if (!loaded.ok) throw new WatchkeeperError('config', formatProblems(FILE_NAME, loaded.problems));
  return loaded.settings;
}
