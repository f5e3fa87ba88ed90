import { type Bottlenecks, bottlenecksOf, type ModuleTotals } from '../bottlenecks.ts';
import type { HistoryReader } from './reader.ts';

export interface BottlenecksQuestion {
  /** Default: 7 days. */
  sinceMs?: number;
}

export interface BottlenecksAnswer extends Bottlenecks {
  since: string;
  /** Each module's figures over the time, that the rankings are made of. */
  modules: ModuleTotals[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** What costs most, fails most, deviates most since a moment: by the hours' roll-ups, over months by those of the days. */
export function bottlenecks(
  reader: HistoryReader,
  question: BottlenecksQuestion,
  nowMs: number,
): BottlenecksAnswer {
  const { sinceMs = nowMs - WEEK_MS } = question;
  const modules = reader.moduleNames().map(module => totalsOf(reader, module, sinceMs, nowMs));
  const active = modules.filter(({ runs }) => runs > 0);
  return { since: new Date(sinceMs).toISOString(), modules: active, ...bottlenecksOf(active) };
}

function totalsOf(reader: HistoryReader, module: string, sinceMs: number, nowMs: number): ModuleTotals {
  const [bucket, widthMs] =
    nowMs - sinceMs > 60 * DAY_MS ? (['day', DAY_MS] as const) : (['hour', HOUR_MS] as const);
  const range = { sinceMs: Math.floor(sinceMs / widthMs) * widthMs, untilMs: nowMs };
  const outcomes = reader.outcomes(module, bucket, range).filter(({ outcome }) => outcome !== 'skipped');
  const failed = outcomes.filter(({ outcome }) => outcome !== 'ok');
  const sum = <T>(list: readonly T[], of: (each: T) => number): number =>
    list.reduce((total, each) => total + of(each), 0);
  const cpu = reader.rollups(module, 'cpuSeconds', null, bucket, range);
  const incidents = reader.incidents({ module, sinceMs });
  return {
    module,
    runs: sum(outcomes, ({ count }) => count),
    failures: sum(failed, ({ count }) => count),
    runtimeSeconds: sum(outcomes, each => each.runtimeSeconds),
    cpuSeconds: sum(cpu, ({ count, mean }) => count * mean),
    failedSeconds: sum(failed, each => each.runtimeSeconds),
    deviations: sum(incidents, ({ runsOpen, status }) => runsOpen + (status === 'recovered' ? 0 : 1)),
    incidents: incidents.length,
  };
}
