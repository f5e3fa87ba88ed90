import type {
  Anomaly,
  Change,
  Failure,
  MetricReport,
  ModuleReport,
  ReportData,
  ReportIncident,
} from '../../src/report/data.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

/** A made-up week (or so) of a pipeline: seasons by the day, a shift that came with a commit, a leak, spikes, failures, incidents. */

export const END_MS = Date.UTC(2026, 10, 20, 12);
const DAY_MS = 86_400_000;

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

function runtime(
  times: number[],
  base: number,
  index: number,
  shiftMs: number,
  random: () => number,
): MetricReport {
  const shifts = index === 0 || index === 2;
  const values = times.map(timeMs => {
    const season = 1 + 0.08 * Math.sin((2 * Math.PI * timeMs) / DAY_MS);
    return base * season * (shifts && timeMs >= shiftMs ? 1.19 : 1) * Math.exp(0.05 * gaussian(random));
  });
  const spikes = index % 2 === 0 ? [0.21, 0.47, 0.83].map(share => Math.floor(times.length * share)) : [];
  for (const place of spikes) if (values[place] !== undefined) values[place] = base * (1.7 + random());
  return {
    ...emptyMetric('runtimeSeconds'),
    series: { kind: 'values', timesMs: times, values },
    baseline: seasonalBand(times, base, shifts ? shiftMs : null),
    limit: index === 4 ? { value: 240, name: 'timeout' } : null,
    anomalies: spikes.flatMap((place, order) => spike(times[place], values[place], base, order)),
    changes: shifts ? [shift(base, shiftMs)] : [],
    trend: {
      ...{ slopePerDay: base * 0.02, low: base * 0.012, high: base * 0.028, level: 0.95 },
      ...{ direction: shifts ? 'rising' : 'steady', words: shifts ? 'grows by 2.0 % a day' : 'no trend' },
    },
    regression: regressionOf(index, base),
  };
}

function regressionOf(index: number, base: number): MetricReport['regression'] {
  if (index === 0 || index === 2)
    return {
      ...{
        verdict: 'worse',
        percent: 18.7,
        lowPercent: 17.1,
        highPercent: 20.4,
        level: 0.95,
        confidence: 0.999,
      },
      ...{ reference: base, recent: base * 1.187, words: 'the last 20 runs against the baseline of 14 Nov' },
    };
  if (index === 3)
    return {
      ...{
        verdict: 'unclear',
        percent: 4.2,
        lowPercent: -1.3,
        highPercent: 9.9,
        level: 0.95,
        confidence: 0.86,
      },
      ...{
        reference: base,
        recent: base * 1.042,
        words: 'the last 20 runs against the baseline; 60 runs would tell',
      },
    };
  return null;
}

function seasonalBand(times: number[], base: number, shiftMs: number | null): MetricReport['baseline'] {
  const hours = Math.ceil(((times.at(-1) ?? END_MS) - (times[0] ?? END_MS)) / 3_600_000);
  const timesMs = Array.from({ length: hours }, (_, hour) => (times[0] ?? END_MS) + hour * 3_600_000);
  const middle = timesMs.map(
    timeMs =>
      base *
      (1 + 0.08 * Math.sin((2 * Math.PI * timeMs) / DAY_MS)) *
      (shiftMs !== null && timeMs > shiftMs + 2 * 3_600_000 ? 1.19 : 1),
  );
  return { timesMs, low: middle.map(value => value * 0.87), high: middle.map(value => value * 1.13) };
}

function spike(
  timeMs: number | undefined,
  value: number | undefined,
  base: number,
  order: number,
): Anomaly[] {
  if (timeMs === undefined || value === undefined) return [];
  const deviationPercent = (value / base - 1) * 100;
  return [
    {
      ...{ timeMs, value, direction: 'above', deviationPercent, kind: 'spike' },
      severity: (['warning', 'critical', 'info'] as const)[order % 3] ?? 'info',
      confidence: [0.82, 0.97, 0.61][order % 3] ?? 0.5,
      message: `runtime ${value.toFixed(2)} s is ${deviationPercent.toFixed(1)}% above its 5-run average of ${base} s`,
    },
  ];
}

function shift(base: number, shiftMs: number): Change {
  return {
    ...{
      timeMs: shiftMs,
      before: base,
      after: base * 1.19,
      deviationPercent: 19,
      severity: 'critical',
      confidence: 0.98,
    },
    ...{ revisionBefore: '9fceb02', revisionAfter: '44314a6' },
    subject: 'feat: keep every candle of the day',
    message: 'a shift of +19.0% (first run of 44314a6, after 9fceb02), 98% sure',
  };
}

function memory(
  times: number[],
  base: number,
  index: number,
  days: number,
  random: () => number,
): MetricReport {
  const leaks = index === 1;
  const values = times.map(
    (_, place) => base + (leaks ? (place / times.length) * 2.1 * days : 0) + gaussian(random),
  );
  const aheadMs = Array.from({ length: 24 }, (_, hour) => END_MS + (hour + 1) * 3_600_000);
  const last = base + 2.1 * days;
  return {
    ...emptyMetric('memoryMb'),
    series: { kind: 'values', timesMs: times, values },
    baseline: { timesMs: [times[0] ?? END_MS], low: [base - 3], high: [base + 3] },
    trend: leaks
      ? {
          slopePerDay: 2.1,
          low: 1.8,
          high: 2.4,
          level: 0.95,
          direction: 'rising',
          words: 'grows by 2.1 MB a day',
        }
      : { slopePerDay: 0.01, low: -0.1, high: 0.1, level: 0.95, direction: 'steady', words: 'no trend' },
    forecast: leaks
      ? {
          method: 'ensemble',
          timesMs: aheadMs,
          values: aheadMs.map((_, hour) => last + (2.1 * hour) / 24),
          low: aheadMs.map((_, hour) => last + (2.1 * hour) / 24 - 2 - hour / 12),
          high: aheadMs.map((_, hour) => last + (2.1 * hour) / 24 + 2 + hour / 12),
          ...{
            level: 0.95,
            words: 'The ensemble was 38 % nearer than "same as last time", tried from 50 places of the past.',
            reachesLimitMs: null,
          },
        }
      : null,
  };
}

function cpu(times: number[], random: () => number): MetricReport {
  const values = times.map(() => 58 + 4 * gaussian(random));
  return { ...emptyMetric('cpuPercent'), series: { kind: 'values', timesMs: times, values } };
}

function custom(times: number[], random: () => number): MetricReport {
  const values = times.map(timeMs =>
    Math.round(1200 + 300 * Math.sin((2 * Math.PI * timeMs) / DAY_MS) + 40 * random()),
  );
  return { ...emptyMetric('rowsCollected'), series: { kind: 'values', timesMs: times, values } };
}

/** By the hour, as a long time has it. */
function systemCpu({ days }: SampleOptions): MetricReport {
  const random = seededRandom(5);
  const timesMs = Array.from(
    { length: Math.max(1, days * 24) },
    (_, hour) => END_MS - (days * 24 - hour) * 3_600_000,
  );
  const mean = timesMs.map(
    timeMs => 24 + 12 * Math.sin((2 * Math.PI * timeMs) / DAY_MS) + 2 * gaussian(random),
  );
  return {
    ...emptyMetric('cpuPercent'),
    series: {
      ...{ kind: 'roll-up', bucketMs: 3_600_000, timesMs, mean },
      counts: timesMs.map(() => 360),
      min: mean.map(value => Math.max(0, value - 12)),
      max: mean.map(value => Math.min(100, value + 18 + 30 * random())),
      p95: mean.map(value => value + 11),
    },
  };
}

function systemDisk({ days }: SampleOptions): MetricReport {
  const timesMs = Array.from(
    { length: Math.max(1, days * 24) },
    (_, hour) => END_MS - (days * 24 - hour) * 3_600_000,
  );
  const values = timesMs.map((_, hour) => 18_400 + (timesMs.length - hour) * 37);
  const aheadMs = Array.from({ length: 24 }, (_, step) => END_MS + (step + 1) * 3_600_000);
  const ahead = aheadMs.map((_, step) => 18_400 - step * 37);
  return {
    ...emptyMetric('diskFreeMb'),
    series: { kind: 'values', timesMs, values },
    limit: { value: 0, name: 'full' },
    trend: {
      slopePerDay: -888,
      low: -901,
      high: -875,
      level: 0.95,
      direction: 'falling',
      words: 'shrinks by 888 MB a day',
    },
    forecast: {
      ...{ method: 'linear', timesMs: aheadMs, values: ahead },
      low: ahead.map((value, step) => value - 40 * Math.sqrt(step + 1)),
      high: ahead.map((value, step) => value + 40 * Math.sqrt(step + 1)),
      ...{
        level: 0.95,
        words: 'The model linear was 61 % nearer than "same as last time", tried from 50 places of the past.',
        reachesLimitMs: END_MS + 20.7 * DAY_MS,
      },
    },
  };
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

export function emptyMetric(metric: string): MetricReport {
  return {
    metric,
    series: { kind: 'values', timesMs: [], values: [] },
    ...{ figures: null, baseline: null, limit: null, anomalies: [], changes: [] },
    ...{ trend: null, regression: null, forecast: null },
  };
}

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

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
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
