import type { Run } from '../glossary/run.ts';
import { QUALITY_METRICS } from '../judge/worse.ts';
import type { ModuleNow } from './format.ts';

export interface Sample {
  value: number;
  /** Beside `module`. */
  labels?: Record<string, string>;
}

/** A metric of Prometheus: its name, and what a module gives it. */
export interface Family {
  /** With its unit, in the base units that Prometheus asks for: seconds, bytes, ratios. */
  name: string;
  type: 'gauge' | 'counter';
  help: string;
  samplesOf(now: ModuleNow): Sample[];
}

/** Every metric that is exposed, in this order. */
export const FAMILIES: readonly Family[] = [
  figure('runtime_seconds', 'Time from start to end', run => run.runtimeSeconds),
  figure('cpu_seconds', 'CPU time of all processes', run => run.cpuSeconds),
  figure('cpu_ratio', 'CPU time over runtime (1 is one core)', run => scaled(run.cpuPercent, 0.01)),
  figure('memory_bytes', 'Peak resident memory of all processes', run => scaled(run.memoryMb, 1e6)),
  figure('api_latency_seconds', 'Mean time of its requests', run => run.apiLatencySeconds),
  figure('api_latency_p95_seconds', '95th percentile of the time of its requests', run => run.api?.p95),
  figure('api_latency_max_seconds', 'Longest time of its requests', run => run.api?.max),
  figure('api_requests', 'Requests', run => run.api?.count),
  figure('api_errors', 'Requests that failed', run => run.api?.errors),
  figure('setup_seconds', 'Time from start until it was set up', run => run.setupSeconds),
  figure('cleanup_seconds', 'Time from the beginning of its cleanup to its end', run => run.cleanupSeconds),
  figure(
    'samples_per_second',
    'Samples processed a second, without setup and cleanup',
    run => run.samplesPerSecond,
  ),
  figure('disk_read_bytes', 'Read from storage by all processes', run => scaled(run.diskReadMb, 1e6)),
  figure('disk_written_bytes', 'Written to storage by all processes', run => scaled(run.diskWrittenMb, 1e6)),
  figure('context_switches', 'Context switches of all threads', run => run.contextSwitches),
  {
    ...{ name: 'watchkeeper_run_quality', type: 'gauge' },
    help: 'How good its results are, by the label metric (accuracy, precision, recall, f1Score): newest value of a run that succeeded.',
    samplesOf: now => customSamples(now).filter(isQuality),
  },
  {
    ...{ name: 'watchkeeper_run_custom', type: 'gauge' },
    help: 'A metric that the module reports itself, named by the label metric: newest value of a run that succeeded.',
    samplesOf: now => customSamples(now).filter(sample => !isQuality(sample)),
  },
  {
    ...{ name: 'watchkeeper_run_labels_info', type: 'gauge' },
    help: 'The labels of the newest run that succeeded, each as label_NAME; always 1.',
    samplesOf: ({ runs }) => infoOf(runs.findLast(isOk)),
  },
  {
    ...{ name: 'watchkeeper_last_run_success', type: 'gauge' },
    help: 'Whether the newest run succeeded: 1 or 0.',
    samplesOf: ({ runs }) =>
      runs
        .filter(isRun)
        .slice(-1)
        .map(run => ({ value: isOk(run) ? 1 : 0 })),
  },
  {
    ...{ name: 'watchkeeper_last_run_timestamp_seconds', type: 'gauge' },
    help: 'When the newest run ended, in seconds since 1970.',
    samplesOf: ({ runs }) => endOf(runs.findLast(isRun)),
  },
  {
    ...{ name: 'watchkeeper_last_success_timestamp_seconds', type: 'gauge' },
    help: 'When the newest run that succeeded ended, in seconds since 1970.',
    samplesOf: ({ runs }) => endOf(runs.findLast(isOk)),
  },
  {
    ...{ name: 'watchkeeper_runs_total', type: 'counter' },
    help: 'Runs over the whole life of the workspace; result is ok or failed (error, timeout, killed).',
    samplesOf: ({ counts }) => [
      { value: counts.successCount, labels: { result: 'ok' } },
      { value: counts.errorCount, labels: { result: 'failed' } },
    ],
  },
  {
    ...{ name: 'watchkeeper_retries_total', type: 'counter' },
    help: 'Repeated attempts over the whole life of the workspace.',
    samplesOf: ({ counts }) => [{ value: counts.restartCount }],
  },
  {
    ...{ name: 'watchkeeper_incidents_open', type: 'gauge' },
    help: 'Incidents that are open.',
    samplesOf: ({ openIncidents }) => [{ value: openIncidents.length }],
  },
];

/** A gauge of the newest value that a run which succeeded has: as elsewhere, failed runs say nothing of how long a module takes. */
function figure(suffix: string, what: string, of: (run: Run) => number | null | undefined): Family {
  return {
    ...{ name: `watchkeeper_run_${suffix}`, type: 'gauge' },
    help: `${what}: newest value of a run that succeeded.`,
    samplesOf({ runs }) {
      const value = runs
        .filter(isOk)
        .map(of)
        .findLast(each => typeof each === 'number');
      return typeof value === 'number' ? [{ value }] : [];
    },
  };
}

function customSamples({ runs }: ModuleNow): Sample[] {
  const newest = new Map(runs.filter(isOk).flatMap(({ custom }) => Object.entries(custom)));
  return [...newest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([metric, value]) => ({ value, labels: { metric } }));
}

const isQuality = ({ labels }: Sample): boolean => QUALITY_METRICS.includes(labels?.['metric'] ?? '');

function infoOf(run: Run | undefined): Sample[] {
  const labels = labelPairs(run?.labels ?? {});
  return labels.length === 0 ? [] : [{ value: 1, labels: Object.fromEntries(labels) }];
}

/**
 * Names that Prometheus takes, and that do not collide with its own (`job`, `instance`): letters, digits and `_`, with `label_` in front.
 * Where two become one (`a.b`, `a_b`) the second gets a number.
 */
function labelPairs(given: Record<string, string>): [string, string][] {
  const pairs = new Map<string, string>();
  for (const [name, text] of Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const plain = `label_${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;
    let free = plain;
    for (let number = 2; pairs.has(free); number += 1) free = `${plain}_${number}`;
    pairs.set(free, text);
  }
  return [...pairs];
}

const isOk = ({ outcome }: Run): boolean => outcome === 'ok';

/** A skipped run is none that anything can be said of. */
const isRun = ({ outcome }: Run): boolean => outcome !== 'skipped';

function endOf(run: Run | undefined): Sample[] {
  const endMs = run === undefined ? Number.NaN : Date.parse(run.endedAt);
  return Number.isNaN(endMs) ? [] : [{ value: endMs / 1000 }];
}

/** Without what binary fractions add: 62.1 MB are 62,100,000 bytes. */
function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : Number((value * factor).toPrecision(12));
}
