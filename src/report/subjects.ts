import type { Change, MetricReport, ModuleReport, ReportData } from './data.ts';

/** Every revision that a report names with what its commit says. */
export function revisionsIn({ modules }: ReportData): Set<string> {
  const changes = modules.flatMap(({ metrics }) => metrics.flatMap(({ changes: found }) => found));
  const marks = modules.flatMap(({ revisions }) => revisions);
  const named = [
    ...marks.map(({ revision }) => revision),
    ...changes.map(({ revisionAfter }) => revisionAfter),
  ];
  return new Set(named.filter(revision => revision !== null));
}

/** A report with the first lines of the messages of its commits, as far as they are known. */
export function withSubjects(data: ReportData, subjects: ReadonlyMap<string, string>): ReportData {
  const of = (revision: string | null): string | null => subjects.get(revision ?? '') ?? null;
  const ofChange = (change: Change): Change => ({ ...change, subject: of(change.revisionAfter) });
  const ofMetric = (metric: MetricReport): MetricReport => ({
    ...metric,
    changes: metric.changes.map(ofChange),
  });
  const ofModule = (module: ModuleReport): ModuleReport => ({
    ...module,
    revisions: module.revisions.map(mark => ({ ...mark, subject: of(mark.revision) })),
    metrics: module.metrics.map(ofMetric),
  });
  return { ...data, modules: data.modules.map(ofModule) };
}
