import { BUCKET_MS } from '../buckets.ts';
import type { Bucket, OutcomeRollup, Range, Rollup } from '../glossary/history.ts';
import type { Outcome, Run } from '../glossary/run.ts';
import { OUTCOMES } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import { labelsKey } from '../labels.ts';
import { joinMoments, type Moments, NO_MOMENTS } from '../stats/moments.ts';
import { packedQuantiles, Sketch } from '../stats/sketch.ts';
import type { Database } from './database.ts';
import { EVER } from './ever.ts';
import { pendingBuckets, pendingRuns } from './pending.ts';
import { OUTCOME_SIGN, seriesNumbers } from './series.ts';

export type HistoryRecords = Pick<HistoryReader, 'rollups' | 'outcomes'>;

export function historyRecords(database: Database): HistoryRecords {
  return {
    rollups: (source, metric, labels, bucket, range) =>
      database
        .consistently(() => {
          const isOfRuns = labels === null || labelsKey(labels) === labelsKey({});
          const runs = isOfRuns ? pendingRuns(database, source) : [];
          return bucketsOf(database, { source, metric, labels, runs }, bucket, range);
        })
        .map(([startMs, rows]) => toRollup(startMs, rows)),
    outcomes: (module, bucket, range) =>
      database
        .consistently(() => {
          const runs = pendingRuns(database, module);
          return OUTCOMES.flatMap(outcome => {
            const named = { source: module, metric: `${OUTCOME_SIGN}${outcome}`, labels: null, runs };
            return bucketsOf(database, named, bucket, range).map(each => toOutcome(outcome, ...each));
          });
        })
        .sort((a, b) => a.startMs - b.startMs),
  };
}

interface Named {
  source: string;
  metric: string;
  labels: Record<string, string> | null;
  /** Of its module, those that are not in the roll-ups yet. */
  runs: readonly Run[];
}

/** By their starts, with what is not in the roll-ups yet. To be read of one moment: a supervisor may be taking it in meanwhile. */
function bucketsOf(
  database: Database,
  { source, metric, labels, runs }: Named,
  bucket: Bucket,
  range: Range,
): [startMs: number, rows: RollupRow[]][] {
  const numbers = seriesNumbers(database, source, metric, labels);
  const { sinceMs, untilMs, newest } = { ...EVER, ...range };
  const rolled = rollupRows(database, numbers, bucket, range);
  const pending = pendingBuckets(database, { metric, runs, numbers }, BUCKET_MS[bucket])
    .filter(({ startMs }) => startMs >= sinceMs && startMs <= untilMs)
    .map(each => ({ ...each, sketch: each.sketch.pack() }));
  const byStart = Map.groupBy([...rolled, ...pending], ({ startMs }) => startMs);
  return [...byStart].sort(([a], [b]) => a - b).slice(-newest);
}

interface RollupRow extends Moments {
  startMs: number;
  sketch: Uint8Array;
}

function rollupRows(database: Database, numbers: number[], bucket: Bucket, range: Range): RollupRow[] {
  const { sinceMs, untilMs, newest } = { ...EVER, ...range };
  return numbers.flatMap(series =>
    database
      .tuples<RollupTuple>(
        `SELECT startMs, count, mean, squares, min, max, sketch FROM rollups
         WHERE series = ? AND bucketMs = ? AND startMs BETWEEN ? AND ? ORDER BY startMs DESC LIMIT ?`,
        ...[series, BUCKET_MS[bucket], sinceMs, untilMs, newest],
      )
      .reverse()
      .map(([startMs, count, mean, squares, min, max, sketch]) => {
        return { startMs, count, mean, squares, min, max, sketch };
      }),
  );
}

type RollupTuple = [
  startMs: number,
  count: number,
  mean: number,
  squares: number,
  min: number,
  max: number,
  sketch: Uint8Array,
];

function toOutcome(outcome: Outcome, startMs: number, rows: readonly RollupRow[]): OutcomeRollup {
  const { count, mean } = momentsOf(rows);
  return { startMs, outcome, count, runtimeSeconds: mean * count };
}

const SHARES = [0.5, 0.95];

/** One hour or day, of several series as one. */
function toRollup(startMs: number, rows: readonly RollupRow[]): Rollup {
  const { count, mean, squares, min, max } = momentsOf(rows);
  const [p50, p95] = packedQuantiles(sketchOf(rows), SHARES).map(value =>
    Math.min(Math.max(value ?? mean, min), max),
  );
  return {
    ...{ startMs, count, mean, min, max },
    standardDeviation: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    ...{ p50: p50 ?? mean, p95: p95 ?? mean },
  };
}

function momentsOf(rows: readonly RollupRow[]): Moments {
  const [first] = rows;
  return first !== undefined && rows.length === 1 ? first : rows.reduce<Moments>(joinMoments, NO_MOMENTS);
}

function sketchOf(rows: readonly RollupRow[]): Uint8Array {
  const [first] = rows;
  if (first !== undefined && rows.length === 1) return first.sketch;
  const joined = new Sketch();
  for (const { sketch } of rows) joined.join(Sketch.unpack(sketch) ?? new Sketch());
  return joined.pack();
}
