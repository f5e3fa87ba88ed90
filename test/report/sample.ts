import type { Failure, ModuleReport, ReportData, ReportIncident } from '../../src/report/data.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { cpu, custom, DAY_MS, END_MS, memory, runtime, systemCpu, systemDisk } from './sample-metrics.ts';

/** A made-up week (or so) of a pipeline: seasons by the day, a shift that came with a commit, a leak, spikes, failures, incidents. */

export interface SampleOptions {
  modules: number;
  days: number;
  everyMs: number;
}

const NAMES = [
  ...['collector', 'signal-generator', 'backtester', 'features', 'train-model', 'risk-limits'],
  ...[
    'order-book-snapshot',
    'report',
    'cleanup',
    'a-module-with-a-name-that-is-as-long-as-names-of-modules-can-be',
  ],
];
const REVISIONS = ['1611dde', '0983d71', '9fceb02', '44314a6', 'b8038e4'];

export function sampleReport(options: Partial<SampleOptions> = {}): ReportData {
  const settings = { modules: 10, days: 7, everyMs: 350_000, ...options };
  const modules = Array.from({ length: settings.modules }, (_, index) => sampleModule(index, settings));
  const runs = sum(modules.map(({ counts }) => counts.ok + counts.error + counts.timeout + counts.killed));
  const failures = sum(modules.map(({ failures }) => failures.length));
  const incidents = modules
    .flatMap(incidentsOf)
    .sort((a, b) => Number(b.status === 'open') - Number(a.status === 'open'));
  return {
    version: 1,
    workspace: 'trading-pipeline',
    timezone: 'Europe/Berlin',
    generatedAtMs: END_MS,
    fromMs: END_MS - settings.days * DAY_MS,
    toMs: END_MS,
    summary: {
      runs,
      failures,
      successRate: runs === 0 ? null : (runs - failures) / runs,
      iterations: Math.round((settings.days * DAY_MS) / settings.everyMs),
      openIncidents: incidents.filter(({ status }) => status === 'open').length,
      cpuHours: sum(modules.map(({ cpuHours }) => cpuHours ?? 0)),
      system: {
        cpuPercent: { mean: 23.4, max: 97.2 },
        memoryUsedMb: { mean: 3120, max: 5890 },
        memoryTotalMb: 8_340,
        diskFreeMb: 18_400,
        diskTotalMb: 62_100,
      },
    },
    system: [systemCpu(settings), systemDisk(settings)],
    modules,
    incidents,
    recommendations: [
      {
        module: 'signal-generator',
        metric: 'memoryMb',
        severity: 'critical',
        finding: 'Memory grows run by run: a leak in what is kept between runs.',
        evidence: ['+2.1 MB a day (95 % interval: 1.8 to 2.4)', 'all revisions of the week alike'],
        setting: null,
      },
      {
        module: 'collector',
        metric: 'runtimeSeconds',
        severity: 'warning',
        finding:
          'The timeout is 140 times the 99th percentile: a run that hangs blocks the pipeline for two minutes.',
        evidence: ['p99 of 1,723 runs: 0.84 s', 'timeouts in the week: 3, each after the full 2 min'],
        setting: { path: 'modules.collector.timeout', from: '2m', to: '10s' },
      },
      {
        module: null,
        metric: null,
        severity: 'info',
        finding: 'Six modules start in the same second; the machine waits the rest of the minute.',
        evidence: ['CPU 97 % at second 0, 11 % on average'],
        setting: { path: 'schedule', from: '"*/5 * * * *"', to: 'every 5m' },
      },
    ],
  };
}

function sampleModule(index: number, { days, everyMs }: SampleOptions): ModuleReport {
  const random = seededRandom(100 + index);
  const times = timesOf(days, everyMs, random);
  const shiftMs = END_MS - days * DAY_MS * 0.35;
  const failures = failuresOf(times, index, random);
  const failed = new Set(failures.map(({ timeMs }) => timeMs));
  const ok = times.filter(time => !failed.has(time));
  const base = [0.43, 0.34, 2.61, 12, 184, 0.05, 1.2, 1.5, 0.8, 31][index % 10] ?? 1;
  const metrics = [
    runtime(ok, base, index, shiftMs, random),
    memory(ok, 60 + 25 * (index % 7), index, days, random),
    cpu(ok, random),
    ...(index % 3 === 0 ? [custom(ok, random)] : []),
  ];
  return {
    name: NAMES[index] ?? `module-${index + 1}`,
    schedule: index === 0 ? 'every 5m' : 'after collector',
    counts: {
      ok: ok.length,
      error: failures.filter(({ outcome }) => outcome === 'error').length,
      timeout: failures.filter(({ outcome }) => outcome === 'timeout').length,
      killed: 0,
      skipped: index % 4,
    },
    cpuHours: (ok.length * base * 0.6) / 3600,
    lastRun: ok.length === 0 ? null : { timeMs: ok.at(-1) ?? END_MS, outcome: 'ok' },
    revisions: REVISIONS.map((revision, place) => ({
      timeMs: place === 3 ? shiftMs : END_MS - days * DAY_MS * (1 - place * 0.19),
      revision,
      subject: place === 3 ? 'feat: keep every candle of the day' : null,
    })),
    failures,
    metrics,
  };
}

function timesOf(days: number, everyMs: number, random: () => number): number[] {
  const count = Math.floor((days * DAY_MS) / everyMs);
  return Array.from({ length: count }, (_, index) =>
    Math.round(END_MS - (count - index) * everyMs + random() * 2000),
  );
}

function failuresOf(times: number[], index: number, random: () => number): Failure[] {
  if (index % 3 === 1) return [];
  const outage = times.length * 0.62;
  return times
    .filter((_, place) => random() < 0.002 || (index === 0 && place > outage && place < outage + 14))
    .map((timeMs, place) => ({
      timeMs,
      outcome: place % 4 === 0 ? 'timeout' : 'error',
      reason: place % 4 === 0 ? 'ended after 2 min' : 'exit code 1: ECONNREFUSED 127.0.0.1:4010',
    }));
}

function incidentsOf({ name, metrics }: ModuleReport, index: number): ReportIncident[] {
  return metrics.flatMap(({ metric, anomalies }) =>
    anomalies.map((anomaly, order) => ({
      ...{ id: `${name}-${order}`, module: name, metric, direction: anomaly.direction, runsOpen: order },
      status: index === 0 && order === 2 ? 'open' : order === 1 ? 'persisted' : 'recovered',
      openedAtMs: anomaly.timeMs,
      endedAtMs: index === 0 && order === 2 ? null : anomaly.timeMs + 900_000,
      baseline: anomaly.value / (1 + (anomaly.deviationPercent ?? 0) / 100),
      ...{ value: anomaly.value, deviationPercent: anomaly.deviationPercent },
      ...{ severity: anomaly.severity, confidence: anomaly.confidence },
    })),
  );
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
