import type { KeptBaseline } from '../baseline/kept.ts';
import type {
  Bucket,
  ChangeEvent,
  Incident,
  LogEvent,
  ModuleCounts,
  OutcomeRollup,
  Point,
  Range,
  Rollup,
  Run,
  SeriesName,
} from '../types.ts';

/** What the questions need of a store. Each call reads what is there at that moment. */
export interface HistoryReader {
  moduleNames(): string[];
  iterationsBetween(fromMs: number, toMs: number): number;
  counts(module: string): ModuleCounts;
  runs(module: string, limit: number): Run[];
  goodRuns(module: string, limit: number): Run[];
  values(module: string, metric: string, range: Range): Point[];
  samples(source: string, metric: string, labels: Record<string, string> | null, range: Range): Point[];
  rollups(
    source: string,
    metric: string,
    labels: Record<string, string> | null,
    bucket: Bucket,
    range: Range,
  ): Rollup[];
  outcomes(module: string, bucket: Bucket, range: Range): OutcomeRollup[];
  seriesNames(source?: string | null): SeriesName[];
  baselines(): KeptBaseline[];
  baseline(module: string, metric: string): KeptBaseline | null;
  incidents(filter?: { open?: boolean; module?: string; sinceMs?: number }): Incident[];
  changes(sinceMs?: number, limit?: number): ChangeEvent[];
  eventsSince(sinceMs: number): LogEvent[];
  runPages(range: { sinceMs?: number; untilMs?: number; module?: string }, size: number): Generator<Run[]>;
}
