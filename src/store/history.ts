import { joinMoments, type Moments, NO_MOMENTS } from '../stats/moments.ts';
import { Sketch } from '../stats/sketch.ts';
import type { Bucket, OutcomeRollup, Point, Range, Rollup } from '../types.ts';
import { OUTCOMES } from '../types.ts';
import type { Database } from './database.ts';
import { BUCKET_MS } from './rollups.ts';
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

/** Of a run, where its record keeps a metric: at its top or among the custom ones. */
const VALUE = `CASE WHEN json_type(record, ?2) IN ('integer', 'real') THEN json_extract(record, ?2)
  ELSE json_extract(record, ?3) END`;

const VALUES = `
  SELECT startedMs AS timeMs, value, revision FROM (
    SELECT seq, startedMs, json_extract(record, '$.revision') AS revision, ${VALUE} AS value
    FROM runs
    WHERE module = ?1 AND startedMs BETWEEN ?4 AND ?5 AND json_extract(record, '$.outcome') = 'ok'
  )
  WHERE typeof(value) IN ('integer', 'real') ORDER BY seq DESC LIMIT ?6`;

export function historyRecords(database: Database): HistoryRecords {
  return {
    values(module, metric, range) {
      const { sinceMs, untilMs, newest } = { ...EVER, ...range };
      const paths = [path(metric), `$.custom${path(metric).slice(1)}`];
      return database.all<Point>(VALUES, module, ...paths, sinceMs, untilMs, newest).reverse();
    },
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

/** A name as a path of SQLite's JSON functions; what the name may hold is checked where it comes in. */
function path(name: string): string {
  return `$."${name.replaceAll('"', '')}"`;
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
