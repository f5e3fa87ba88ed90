import { type Bottlenecks, bottlenecksOf, type ModuleTotals } from '../bottlenecks.ts';
import { BUCKET_MS } from '../buckets.ts';
import type { LogEvent } from '../glossary/event.ts';
import type { Bucket, Range } from '../glossary/history.ts';
import type { Run } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';

export interface BottlenecksQuestion {
  /** Default: 7 days. */
  sinceMs?: number;
}

export interface BottlenecksAnswer extends Bottlenecks {
  since: string;
  /** Each module's figures over the time, that the rankings are made of. */
  modules: ModuleTotals[];
}

const DAY_MS = BUCKET_MS.day;
const WEEK_MS = 7 * DAY_MS;

/** Of a longer time the whole days are read, not their hours. */
const MOST_HOURS_MS = 60 * DAY_MS;

const PAGE = 1_000;

/** What costs most, fails most, deviates most since a moment. */
export function bottlenecks(
  reader: HistoryReader,
  question: BottlenecksQuestion,
  nowMs: number,
): BottlenecksAnswer {
  const { sinceMs = nowMs - WEEK_MS } = question;
  const deviating = deviatingRuns(reader.eventsSince(sinceMs));
  const modules = reader.moduleNames().map(module => ({
    ...{ module, ...spentOf(reader, module, sinceMs, nowMs) },
    deviations: deviating.get(module)?.size ?? 0,
    incidents: reader.incidents({ module, sinceMs }).length,
  }));
  const active = modules.filter(({ runs }) => runs > 0);
  return { since: new Date(sinceMs).toISOString(), modules: active, ...bottlenecksOf(active) };
}

/** By module: a run counts once, however many of its metrics left their baselines. */
function deviatingRuns(events: readonly LogEvent[]): Map<string, Set<string>> {
  const anomalies = events.filter(({ event }) => event === 'anomaly');
  const byModule = Map.groupBy(anomalies, ({ module }) => module);
  return new Map([...byModule].map(([module, own]) => [module, new Set(own.map(({ run }) => run))]));
}

type Spent = Pick<ModuleTotals, 'runs' | 'failures' | 'runtimeSeconds' | 'cpuSeconds' | 'failedSeconds'>;

/** To the millisecond: runs up to the first whole hour, from there on the roll-ups of hours, over months those of whole days. */
function spentOf(reader: HistoryReader, module: string, sinceMs: number, nowMs: number): Spent {
  const hourMs = nextBegin(sinceMs, 'hour');
  const dayMs = nowMs - sinceMs > MOST_HOURS_MS ? nextBegin(hourMs, 'day') : Number.POSITIVE_INFINITY;
  const first = [...reader.runPages({ module, sinceMs, untilMs: Math.min(hourMs, nowMs) }, PAGE)].flat();
  const parts = [
    spentIn(first),
    rolledIn(reader, module, 'hour', { sinceMs: hourMs, untilMs: Math.min(dayMs - 1, nowMs) }),
    rolledIn(reader, module, 'day', { sinceMs: dayMs, untilMs: nowMs }),
  ];
  return parts.reduce(together);
}

function nextBegin(ms: number, bucket: Bucket): number {
  return Math.ceil(ms / BUCKET_MS[bucket]) * BUCKET_MS[bucket];
}

function spentIn(all: readonly Run[]): Spent {
  const runs = all.filter(({ outcome }) => outcome !== 'skipped');
  const failed = runs.filter(({ outcome }) => outcome !== 'ok');
  return {
    ...{ runs: runs.length, failures: failed.length },
    runtimeSeconds: sumOf(runs, ({ runtimeSeconds }) => runtimeSeconds ?? 0),
    cpuSeconds: sumOf(runs, ({ cpuSeconds }) => cpuSeconds ?? 0),
    failedSeconds: sumOf(failed, ({ runtimeSeconds }) => runtimeSeconds ?? 0),
  };
}

function rolledIn(reader: HistoryReader, module: string, bucket: Bucket, range: Range): Spent {
  const runs = reader.outcomes(module, bucket, range).filter(({ outcome }) => outcome !== 'skipped');
  const failed = runs.filter(({ outcome }) => outcome !== 'ok');
  const cpu = reader.rollups(module, 'cpuSeconds', {}, bucket, range);
  return {
    ...{ runs: sumOf(runs, each => each.count), failures: sumOf(failed, each => each.count) },
    runtimeSeconds: sumOf(runs, each => each.runtimeSeconds),
    cpuSeconds: sumOf(cpu, ({ count, mean }) => count * mean),
    failedSeconds: sumOf(failed, each => each.runtimeSeconds),
  };
}

function together(a: Spent, b: Spent): Spent {
  return {
    ...{ runs: a.runs + b.runs, failures: a.failures + b.failures },
    runtimeSeconds: a.runtimeSeconds + b.runtimeSeconds,
    cpuSeconds: a.cpuSeconds + b.cpuSeconds,
    failedSeconds: a.failedSeconds + b.failedSeconds,
  };
}

function sumOf<T>(list: readonly T[], of: (each: T) => number): number {
  return list.reduce((total, each) => total + of(each), 0);
}
