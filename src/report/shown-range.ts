import type { ReportData } from './data.ts';

/** The time that all drawings of a report show. */
export interface TimeRange {
  fromMs: number;
  toMs: number;
}

/** The time of a report, without the part before anything was recorded. */
export function shownRange({ fromMs, toMs, modules, system }: ReportData): TimeRange {
  const firsts = [...modules.flatMap(({ metrics }) => metrics), ...system].flatMap(
    ({ series }) => series.timesMs[0] ?? [],
  );
  const first = firsts.reduce((least, each) => Math.min(least, each), toMs);
  const room = Math.max(60_000, (toMs - first) / 40);
  return { fromMs: Math.max(fromMs, Math.min(first, toMs) - room), toMs };
}
