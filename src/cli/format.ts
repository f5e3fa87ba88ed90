import type { EventFacts } from '../glossary/event.ts';
import type { Run } from '../glossary/run.ts';
import { sureness } from '../judge/words.ts';
import { worseWhen } from '../judge/worse.ts';
import { roundSignificant } from '../stats/round.ts';
import { plain } from './plain.ts';

/** What stands where there is no value. */
export const NONE = '-';

/** `4.2 ms`, `0.43 s`, `12.3 s`, `4 min 5 s`: three digits are what a person compares. */
export function seconds(value: number | null): string {
  if (value === null) return NONE;
  if (value < 0.1) return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
  if (value < 60) return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
  const whole = Math.round(value);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** `63 ms`, `1.20 s`. */
function latency(value: number | null): string {
  return value !== null && value >= 0.1 && value < 1 ? `${(value * 1000).toFixed(0)} ms` : seconds(value);
}

export function percent(value: number | null): string {
  return value === null ? NONE : `${value.toFixed(0)} %`;
}

export function megabytes(value: number | null): string {
  return value === null ? NONE : `${value < 100 ? value.toFixed(1) : value.toFixed(0)} MB`;
}

/** The four base metrics of a run or of averages, each in its column. */
export function metricColumns(metrics: {
  runtimeSeconds: number | null;
  cpuPercent: number | null;
  memoryMb: number | null;
  apiLatencySeconds: number | null;
}): string[] {
  return [
    seconds(metrics.runtimeSeconds),
    percent(metrics.cpuPercent),
    megabytes(metrics.memoryMb),
    latency(metrics.apiLatencySeconds),
  ];
}

/** Reads and writes below this are not worth a word. */
const LEAST_MB = 1;

/** What a run need not have, each where it is: `setup 0.40 s`, `cleanup 50 ms`, `120/s`, `read 12.0 MB`, `wrote 20.0 MB`. */
export function furtherCells(
  run: Pick<Run, 'setupSeconds' | 'cleanupSeconds' | 'samplesPerSecond' | 'diskReadMb' | 'diskWrittenMb'>,
): string[] {
  const { setupSeconds, cleanupSeconds, samplesPerSecond, diskReadMb, diskWrittenMb } = run;
  return [
    setupSeconds === null ? '' : `setup ${seconds(setupSeconds)}`,
    cleanupSeconds === null ? '' : `cleanup ${seconds(cleanupSeconds)}`,
    samplesPerSecond === null ? '' : `${roundSignificant(samplesPerSecond, 3)}/s`,
    (diskReadMb ?? 0) < LEAST_MB ? '' : `read ${megabytes(diskReadMb)}`,
    (diskWrittenMb ?? 0) < LEAST_MB ? '' : `wrote ${megabytes(diskWrittenMb)}`,
  ].filter(cell => cell !== '');
}

/**
 * `runtime +88.4%`, `cpu -40.0%`: the mark of one anomalous metric. One of which less is worse says what it means, because a
 * reader takes more for worse: `accuracy -12.0% (worse)`.
 */
export function deviation(event: Pick<EventFacts, 'metric' | 'deviationPercent' | 'direction'>): string {
  const sign = event.direction === 'above' ? '+' : '-';
  const size =
    event.deviationPercent === null ? event.direction : `${sign}${event.deviationPercent.toFixed(1)}%`;
  const isReversed = worseWhen(event.metric) === 'below';
  const meaning = !isReversed ? '' : event.direction === 'below' ? ' (worse)' : ' (better)';
  return `${metricName(event.metric)} ${size}${meaning}`;
}

/** `runtime +85.7%, 98% sure`: with how sure the detectors are, where they were asked. */
export function judgedDeviation(
  event: Parameters<typeof deviation>[0] & { confidence?: number | undefined },
): string {
  const sure = event.confidence === undefined ? '' : `, ${sureness(event.confidence)}`;
  return `${deviation(event)}${sure}`;
}

/** The short name of a metric, as the column headings have it. */
function metricName(metric: string): string {
  const names: Record<string, string> = {
    runtimeSeconds: 'runtime',
    cpuPercent: 'cpu',
    memoryMb: 'memory',
    apiLatencySeconds: 'api latency',
    setupSeconds: 'setup',
    cleanupSeconds: 'cleanup',
    samplesPerSecond: 'throughput',
    diskReadMb: 'disk reads',
    diskWrittenMb: 'disk writes',
    contextSwitches: 'context switches',
  };
  return (Object.hasOwn(names, metric) ? names[metric] : undefined) ?? plain(metric);
}

/** Whether nothing in an iteration's message is bad: no failure, no open anomaly, nothing that persisted, whatever else holds. */
export function isGoodNews(message: string): boolean {
  return message
    .split('; ')
    .every(part => part === 'Performance OK' || part.startsWith('Anomaly recovered: '));
}

/** `12:00:03`, local time of day. */
export function timeOfDay(iso: string): string {
  const date = new Date(iso);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':');
}

/** `3 s ago`, `5 min ago`, `2 h ago`, `4 d ago`. */
export function ago(iso: string, nowMs: number): string {
  const past = Math.max(0, Math.round((nowMs - Date.parse(iso)) / 1000));
  if (past < 60) return `${past} s ago`;
  if (past < 3600) return `${Math.floor(past / 60)} min ago`;
  if (past < 86_400) return `${Math.floor(past / 3600)} h ago`;
  return `${Math.floor(past / 86_400)} d ago`;
}
