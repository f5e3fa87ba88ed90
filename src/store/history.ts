import { BUCKET_MS } from '../buckets.ts';
import { isObject, parsedJson } from '../json.ts';
import { joinMoments, type Moments, NO_MOMENTS } from '../stats/moments.ts';
import { Sketch } from '../stats/sketch.ts';
import type { Bucket, OutcomeRollup, Point, Range, Rollup, Run } from '../types.ts';
import { OUTCOMES } from '../types.ts';
import type { Database } from './database.ts';
import { OUTCOME_SIGN, seriesNumbers } from './series.ts';

export interface HistoryRecords {
  /** The values of a metric over the `ok` runs of a module that started in a range, oldest first by the order of recording. */
  values(module: string, metric: string, range: Range): Point[];
  /**
   * The hours or days (UTC) of a series that begin in a range, oldest first. What has been recorded in the last minute may not be in it yet.
   *
   * @param labels null: all series of the metric joined
   */
  rollups(
    source: string,
    metric: string,
    labels: Record<string, string> | null,
    bucket: Bucket,
    range: Range,
  ): Rollup[];
  /** How the runs of a module ended, by hour or day, oldest first. */
  outcomes(module: string, bucket: Bucket, range: Range): OutcomeRollup[];
}

const EVER = { sinceMs: -8.64e15, untilMs: 8.64e15, newest: 2 ** 31 };

export function historyRecords(database: Database): HistoryRecords {
  return {
    values: (module, metric, range) =>
      newestPoints(recordsOf(database, module, range), metric, range.newest ?? EVER.newest),
    rollups(source, metric, labels, bucket, range) {
      const numbers = seriesNumbers(database, source, metric, labels);
      return joined(rollupRows(database, numbers, bucket, range)).map(toRollup);
    },
    outcomes: (module, bucket, range) =>
      OUTCOMES.flatMap(outcome => {
        const numbers = seriesNumbers(database, module, `${OUTCOME_SIGN}${outcome}`, null);
        return rollupRows(database, numbers, bucket, range).map(({ startMs, count, mean }) => ({
          startMs,
          outcome,
          count,
          runtimeSeconds: mean * count,
        }));
      }).sort((a, b) => a.startMs - b.startMs),
  };
}

interface RunRow {
  seq: number;
  startedMs: number;
  record: string;
}

const PAGE = 2_000;

/** The runs of a module in a range, the newest first by the order of recording. */
function* recordsOf(database: Database, module: string, { sinceMs, untilMs }: Range): Generator<RunRow> {
  if (sinceMs === undefined && untilMs === undefined) {
    yield* allRecordsOf(database, module);
    return;
  }
  const rows = database.all<RunRow>(
    'SELECT seq, startedMs, record FROM runs WHERE module = ? AND startedMs BETWEEN ? AND ?',
    ...[module, sinceMs ?? EVER.sinceMs, untilMs ?? EVER.untilMs],
  );
  yield* rows.sort((a, b) => b.seq - a.seq); // nearly in order, so that it costs less than to let SQLite do it
}

function* allRecordsOf(database: Database, module: string): Generator<RunRow> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = database.all<RunRow>(
      'SELECT seq, startedMs, record FROM runs WHERE module = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
      ...[module, before, PAGE],
    );
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    before = last.seq;
  }
}

/** Of runs, the newest first, so many points of a metric, oldest first. */
function newestPoints(rows: Iterable<RunRow>, metric: string, most: number): Point[] {
  const points: Point[] = [];
  for (const { startedMs, record } of rows) {
    if (points.length >= most) break;
    const run = parsedJson(record) as Run | undefined; // a damaged record has no value: the supervisor mends it
    const value = run?.outcome === 'ok' ? metricOf(run, metric) : null;
    if (value !== null) points.push({ timeMs: startedMs, value, revision: run?.revision ?? null });
  }
  return points.reverse();
}

/** A metric of a run: at its top, or a custom one. */
function metricOf(run: Run, metric: string): number | null {
  const own = Object.hasOwn(run, metric) ? (run as unknown as Record<string, unknown>)[metric] : null;
  const custom = isObject(run.custom) && Object.hasOwn(run.custom, metric) ? run.custom[metric] : null;
  const value = typeof own === 'number' ? own : custom;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

interface RollupRow extends Moments {
  startMs: number;
  sketch: Uint8Array;
}

function rollupRows(database: Database, numbers: number[], bucket: Bucket, range: Range): RollupRow[] {
  const { sinceMs, untilMs, newest } = { ...EVER, ...range };
  const rows = numbers.map(series =>
    database
      .all<RollupRow>(
        `SELECT startMs, count, mean, squares, min, max, sketch FROM rollups
         WHERE series = ? AND bucketMs = ? AND startMs BETWEEN ? AND ? ORDER BY startMs DESC LIMIT ?`,
        ...[series, BUCKET_MS[bucket], sinceMs, untilMs, newest],
      )
      .reverse(),
  );
  return rows.flat();
}

interface JoinedRow extends Moments {
  startMs: number;
  sketch: Sketch;
}

/** Several series of a metric as one. */
function joined(rows: RollupRow[]): JoinedRow[] {
  const byStart = new Map<number, JoinedRow>();
  for (const row of rows) {
    const { startMs } = row;
    const before = byStart.get(startMs) ?? { startMs, sketch: new Sketch(), ...NO_MOMENTS };
    const sketch = Sketch.unpack(row.sketch);
    if (sketch !== null) before.sketch.join(sketch);
    byStart.set(startMs, { startMs, sketch: before.sketch, ...joinMoments(before, row) });
  }
  return [...byStart.values()].sort((a, b) => a.startMs - b.startMs);
}

function toRollup({ startMs, count, mean, squares, min, max, sketch }: JoinedRow): Rollup {
  const within = (value: number | null): number => Math.min(Math.max(value ?? mean, min), max);
  return {
    ...{ startMs, count, mean, min, max },
    standardDeviation: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    p50: within(sketch.quantile(0.5)),
    p95: within(sketch.quantile(0.95)),
  };
}
