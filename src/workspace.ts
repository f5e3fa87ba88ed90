import { resolve } from 'node:path';
import { loadSettings } from './config/load.ts';
import { formatProblems } from './config/problems.ts';
import { floorFor } from './config/rules.ts';
import { FILE_NAME } from './config/source.ts';
import { WatchkeeperError } from './errors.ts';
import { given } from './given.ts';
import type { Settings } from './glossary/settings.ts';
import { knownNames } from './intake/report.ts';
import { reportMetric } from './intake/report-metric.ts';
import { METRIC_FORM, parseMetricName } from './metric-name.ts';
import { bottlenecks } from './questions/bottlenecks.ts';
import { checkRegression } from './questions/check-regression.ts';
import { compare } from './questions/compare.ts';
import { forecast } from './questions/forecast.ts';
import { pointsOf } from './questions/series.ts';
import { baselinesFor } from './questions/set-baseline.ts';
import { trends } from './questions/trends.ts';
import { openToShow } from './reading.ts';
import { recommendationsOf, reportOf } from './reporting.ts';
import { ShownStore } from './shown-store.ts';
import { amending } from './store/amend.ts';
import type { Store } from './store/store.ts';
import { type Asked, checkRoot } from './workspace-arguments.ts';
import { atTheDoor } from './workspace-door.ts';
import type { Workspace } from './workspace-questions.ts';

export type { KeptBaseline } from './baseline/kept.ts';
export type { BisectAnswer } from './bisecting/answer.ts';
export type { BisectRequest } from './bisecting/request.ts';
export { WatchkeeperError } from './errors.ts';
export type { ExportRequest } from './export/format.ts';
export type { ChangeEvent } from './glossary/event.ts';
export type { Point, Range, SeriesName } from './glossary/history.ts';
export type { Incident } from './glossary/judgement.ts';
export type { Run } from './glossary/run.ts';
export type { MetricReport } from './intake/report-metric.ts';
export type { BottlenecksAnswer, BottlenecksQuestion } from './questions/bottlenecks.ts';
export type { RegressionAnswer, RegressionQuestion } from './questions/check-regression.ts';
export type { CompareAnswer, CompareQuestion } from './questions/compare.ts';
export type { ForecastAnswer, ForecastQuestion } from './questions/forecast.ts';
export type { BaselineRequest } from './questions/set-baseline.ts';
export type { TrendsAnswer, TrendsQuestion } from './questions/trends.ts';
export type { Finding } from './recommend/finding.ts';
export type { ReportData } from './report/data.ts';
export type { Benched, BenchRequest } from './trials/bench-request.ts';
export type { BenchOptions, BisectOptions, Workspace } from './workspace-questions.ts';

/** What long work needs, where the program that asked gives nothing of it. */
const UNHEARD = {
  warn: (message: string): void => process.emitWarning(message),
  onRun: (): void => {},
  onBegin: (): void => {},
  onSkip: (): void => {},
  onPrepare: (): void => {},
};

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
  checkRoot(root);
  const folder = resolve(root);
  const loaded = await loadSettings(folder);
  return workspaceOf(folder, await ShownStore.open(folder), loaded.ok ? loaded.settings : null);
}

/** @param settings as they were when it was opened; null where watchkeeper.yaml is missing or has problems: a history can be asked without it */
function workspaceOf(root: string, shown: ShownStore, settings: Settings | null): Workspace {
  let isOpen = true;
  const close = (): void => {
    isOpen = false;
    shown.close();
  };
  const methods = methodsOf(root, () => shown.current(), settings);
  return { root, ...atTheDoor(methods, () => isOpen), close, [Symbol.dispose]: close };
}

/** What is given to them has been looked at. */
function methodsOf(root: string, store: () => Store, settings: Settings | null): Asked {
  const floorOf = (module: string, metric: string): number =>
    settings === null ? 0 : floorFor(settings.detection, module, metric);
  return {
    modules: () => store().moduleNames(),
    metrics: () => store().seriesNames(),
    runs: (module, newest = 100) => store().runs(module, newest),
    values: (metric, range = {}) => pointsOf(store(), named(metric), range),
    incidents: filter => store().incidents(filter),
    changes: sinceMs => store().changes(sinceMs),
    baselines: () => store().baselines(),
    setBaseline(request) {
      const made = baselinesFor(store(), request, Date.now());
      amending(root, writes => writes.setBaselines(made));
      return made;
    },
    removeBaselines: (module, metric) =>
      amending(root, writes => writes.removeBaselines(module, metric ?? null)),
    checkRegression: (question = {}) => checkRegression(store(), { floorOf, ...given(question) }, Date.now()),
    forecast: question => forecast(store(), question, Date.now()),
    trends: question => trends(store(), question, Date.now()),
    compare: (question = {}) => compare(store(), question),
    bottlenecks: (question = {}) => bottlenecks(store(), question, Date.now()),
    async recommend() {
      const settings = await settingsOf(root);
      return recommendationsOf(store(), settings, Date.now());
    },
    async report(sinceMs) {
      const settings = await settingsOf(root);
      return reportOf(store(), settings, sinceMs ?? null, Date.now());
    },
    async *export({ format = 'json', ...request } = {}) {
      const { exportFormat, exportPieces } = await import('./exporting.ts');
      const store = await openToShow(root); // its own: it goes on while other questions may find another one
      try {
        yield* await exportPieces(root, store, exportFormat(format), request);
      } finally {
        store.close();
      }
    },
    async bench(request, options = {}) {
      const { bench } = await import('./benching.ts');
      return bench(root, await settingsOf(root), request, portsOf(options));
    },
    async bisect(request, options = {}) {
      const { bisect } = await import('./bisecting.ts');
      return bisect(root, await settingsOf(root), request, portsOf(options));
    },
    record: metric => reportMetric(root, metric, settings === null ? undefined : knownNames(settings)),
  };
}

function named(text: string) {
  const name = parseMetricName(text);
  if (name === null) throw new WatchkeeperError('usage', `'${text}' is no metric: write ${METRIC_FORM}`);
  return name;
}

/** What is undefined is not given: it must not take the place of what is there instead. */
function portsOf<Ports extends object>(options: { [Port in keyof Ports]?: Ports[Port] | undefined }) {
  const { signal: never } = new AbortController();
  return { ...UNHEARD, stop: never, ...(given(options) as Partial<Ports>), env: process.env };
}

async function settingsOf(root: string): Promise<Settings> {
  const loaded = await loadSettings(root);
  if (!loaded.ok) throw new WatchkeeperError('config', formatProblems(FILE_NAME, loaded.problems));
  return loaded.settings;
}
