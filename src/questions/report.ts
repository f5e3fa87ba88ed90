import { WatchkeeperError } from '../errors.ts';
import type { LogEvent } from '../glossary/event.ts';
import type { HistoryReader } from '../history-reader.ts';
import { surestOf } from '../judge/surest.ts';
import type { Finding } from '../recommend/finding.ts';
import type { Recommendation, ReportData, ReportIncident, Summary } from '../report/data.ts';
import { checkRegression } from './check-regression.ts';
import type { ForecastAnswer } from './forecast.ts';
import { moduleReport } from './report/module.ts';
import type { ReportScope } from './report/scope.ts';
import { signedPercentOf } from './report/signed.ts';
import { systemFigures, systemReports } from './report/system.ts';

export interface ReportQuestion {
  /** From when on. Default: 7 days ago. */
  sinceMs?: number;
}

/** What a report shows beside the history. */
export interface ReportSurroundings extends Pick<ReportScope, 'scheduleOf' | 'limitOf'> {
  workspace: string;
  timezone: string;
  findings: readonly Finding[];
  /** Of what can run out. */
  forecasts: readonly ForecastAnswer[];
  /** How a setting's place and value are written. */
  settingText(path: readonly (string | number)[]): string;
  /** Smaller changes of a metric do not matter. */
  floorOf(module: string, metric: string): number;
}

const WEEK_MS = 7 * 86_400_000;

/**
 * All that a report shows of a time: to be rendered as HTML or Markdown, or taken as it is.
 *
 * @throws WatchkeeperError 'usage' where the time has not begun
 */
export function report(
  reader: HistoryReader,
  { sinceMs }: ReportQuestion,
  surroundings: ReportSurroundings,
  nowMs: number,
): ReportData {
  const { workspace, timezone, findings, forecasts, settingText, floorOf } = surroundings;
  const { scheduleOf, limitOf } = surroundings;
  const [fromMs, toMs] = [sinceMs ?? nowMs - WEEK_MS, nowMs];
  if (!(fromMs < toMs))
    throw new WatchkeeperError(
      'usage',
      'a report begins before now: give an earlier time, such as a day ago',
    );
  const told = reader.eventsSince(fromMs);
  const keyOf = ({ module, metric }: { module: string; metric: string }): string => `${module}.${metric}`;
  const { checks } = checkRegression(reader, { floorOf }, nowMs);
  const scope: ReportScope = {
    ...{ reader, fromMs, toMs, scheduleOf, limitOf },
    events: Map.groupBy(told, keyOf),
    checks: new Map(checks.map(check => [keyOf(check), check])),
    forecasts: new Map(forecasts.map(answer => [answer.metric, answer])),
  };
  const modules = reader.moduleNames().map(name => moduleReport(scope, name));
  const shown = modules.filter(({ counts }) => Object.values(counts).some(count => count > 0));
  return {
    ...{ version: 1, workspace, timezone, generatedAtMs: nowMs, fromMs, toMs },
    summary: summaryOf(scope, shown),
    system: systemReports(scope),
    modules: shown,
    incidents: incidentsOf(scope, told),
    recommendations: findings.map(finding => recommendationOf(finding, settingText)),
  };
}

function summaryOf(scope: ReportScope, modules: ReportData['modules']): Summary {
  const sum = (of: (counts: ReportData['modules'][number]['counts']) => number): number =>
    modules.reduce((total, { counts }) => total + of(counts), 0);
  const failures = sum(({ error, timeout, killed }) => error + timeout + killed);
  const runs = sum(({ ok }) => ok) + failures;
  const measured = modules.flatMap(({ cpuHours }) => (cpuHours === null ? [] : [cpuHours]));
  return {
    ...{ runs, failures, successRate: runs === 0 ? null : (runs - failures) / runs },
    iterations: scope.reader.iterationsBetween(scope.fromMs, scope.toMs),
    openIncidents: scope.reader.incidents({ open: true }).length,
    cpuHours: measured.length === 0 ? null : measured.reduce((total, hours) => total + hours, 0),
    system: systemFigures(scope),
  };
}

function incidentsOf({ reader, fromMs }: ReportScope, told: readonly LogEvent[]): ReportIncident[] {
  const lines = Map.groupBy(told, ({ incident }) => incident);
  return reader.incidents({ sinceMs: fromMs }).map(incident => {
    const { id, module, metric, status, direction, baseline, value, deviationPercent, runsOpen } = incident;
    const surest = surestOf(lines.get(id) ?? []);
    return {
      ...{ id, module, metric, status, direction, baseline, value, runsOpen },
      deviationPercent: signedPercentOf(direction, deviationPercent),
      openedAtMs: Date.parse(incident.openedAt),
      endedAtMs: incident.endedAt === null ? null : Date.parse(incident.endedAt),
      severity: surest?.severity ?? null,
      confidence: surest?.confidence ?? null,
    };
  });
}

function recommendationOf(finding: Finding, settingText: ReportSurroundings['settingText']): Recommendation {
  const { module, limitedMetric, severity, title, advice, evidence, change } = finding;
  return {
    ...{ module, metric: limitedMetric, severity, finding: withoutName(title, module) },
    evidence: [advice, seenIn(evidence)],
    setting:
      change === null
        ? null
        : {
            path: settingText(change.path),
            from: change.from === null ? null : String(change.from),
            to: String(change.to),
          },
  };
}

/** The name stands before it anyway. */
function withoutName(title: string, module: string | null): string {
  return module !== null && title.startsWith(`${module} `) ? title.slice(module.length + 1) : title;
}

function seenIn({ count, of, from, to }: Finding['evidence']): string {
  const day = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
  return `seen in ${count} ${of}${from === null || to === null ? '' : `, ${day(from)} to ${day(to)} UTC`}`;
}
