import type { MetricReport, ReportData } from '../../src/report/data.ts';
import { sampleReport } from './sample.ts';
import { DAY_MS, END_MS, emptyMetric } from './sample-metrics.ts';

/** Reports that are hard to show: without anything, hostile, or with series that drawing could stumble over. */

export function emptyReport(): ReportData {
  return {
    ...{ version: 1, workspace: 'empty', timezone: 'UTC', generatedAtMs: END_MS },
    ...{ fromMs: END_MS - 7 * DAY_MS, toMs: END_MS },
    summary: {
      ...{ runs: 0, failures: 0, successRate: null, iterations: 0, openIncidents: 0, cpuHours: null },
      system: {
        cpuPercent: null,
        memoryUsedMb: null,
        memoryTotalMb: null,
        diskFreeMb: null,
        diskTotalMb: null,
      },
    },
    ...{ system: [], modules: [], incidents: [], recommendations: [] },
  };
}

export const HOSTILE = `<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>`;

/** Every text that comes from elsewhere is hostile, or long and without a place to break. */
export function hostileReport(): ReportData {
  const data = sampleReport({ modules: 2, days: 2 });
  const long = `${HOSTILE}${'w'.repeat(200)}`;
  return {
    ...data,
    workspace: long,
    modules: data.modules.map(module => ({
      ...module,
      ...{ name: long, schedule: long },
      failures: module.failures.map(failure => ({ ...failure, reason: long })),
      revisions: module.revisions.map(mark => ({ ...mark, revision: HOSTILE, subject: long })),
      metrics: module.metrics.map(metric => hostileMetric(metric, long)),
    })),
    incidents: data.incidents.map(incident => ({ ...incident, module: long, metric: long })),
    recommendations: data.recommendations.map(each => ({
      ...each,
      ...{ module: long, metric: long, finding: long, evidence: [long] },
      setting: { path: long, from: long, to: long },
    })),
  };
}

function hostileMetric(report: MetricReport, long: string): MetricReport {
  const { trend, regression, forecast, limit } = report;
  return {
    ...report,
    metric: long,
    limit: limit === null ? null : { ...limit, name: long },
    anomalies: report.anomalies.map(anomaly => ({ ...anomaly, message: long })),
    changes: report.changes.map(change => ({
      ...change,
      ...{ revisionAfter: HOSTILE, subject: long, message: long },
    })),
    trend: trend === null ? null : { ...trend, words: long },
    regression: regression === null ? null : { ...regression, words: long },
    forecast: forecast === null ? null : { ...forecast, method: long, words: long },
  };
}

/** Series that drawing could stumble over. */
export function oddReport(): ReportData {
  const data = sampleReport({ modules: 1, days: 200, everyMs: 3_600_000 });
  const at = (count: number, stepMs: number): number[] =>
    Array.from({ length: count }, (_, index) => END_MS - (count - index) * stepMs);
  const hour = 3_600_000;
  const series: Record<string, [times: number[], values: number[]]> = {
    runtimeSeconds: [at(1, hour), [0.4]],
    memoryMb: [at(20, hour), Array.from({ length: 20 }, () => 0)],
    apiLatencySeconds: [
      at(1000, hour),
      Array.from({ length: 1000 }, (_, index) => (index === 500 ? 3600 : 0.2 + (index % 7) / 100)),
    ],
    balance: [at(30, 40 * hour), Array.from({ length: 30 }, (_, index) => -1e9 + index * 1e8)],
    tiny: [
      at(30, hour).map((time, index) => (index > 20 ? time : time - 100 * DAY_MS)),
      Array.from({ length: 30 }, (_, index) => 1e-7 * index),
    ],
    alike: [at(3, hour), [1e15, 1e15, 1e15]],
    nothing: [[], []],
  };
  const odd = Object.entries(series).map(([metric, [timesMs, values]]) => ({
    ...emptyMetric(metric),
    series: { kind: 'values' as const, timesMs, values },
  }));
  return {
    ...data,
    modules: data.modules.map(module => ({ ...module, metrics: [...odd, ...module.metrics] })),
  };
}
