import type { SeriesName } from '../glossary/history.ts';
import type { Run } from '../glossary/run.ts';
import { isMeasurable } from '../stats/measurable.ts';
import { joinMoments, type Moments, momentsOf, NO_MOMENTS } from '../stats/moments.ts';
import { Sketch } from '../stats/sketch.ts';
import type { Database } from './database.ts';
import { DamagedRecord } from './database-errors.ts';
import { rolledUp, rolledValues } from './rollups.ts';
import { runOfRecord } from './run-record.ts';

/**
 * What is recorded and not in the roll-ups yet: the last minute of a running supervisor, all there is of a fresh clone. It is read with
 * them, so that no answer depends on when the housekeeping was done.
 */
export interface Bucketed extends Moments {
  startMs: number;
  sketch: Sketch;
}

/** More are only there after a store of an older version was brought up to date: of those the newest, until the roll-ups have caught up. */
const MOST = 20_000;

interface Timed {
  timeMs: number;
  value: number;
}

/** What of a series is not in the roll-ups yet. */
interface Pending {
  metric: string;
  /** Of its module, where runs have it. */
  runs: readonly Run[];
  /** The numbers that its samples are kept under. */
  numbers: readonly number[];
}

/** Of a series, by hour or day. */
export function pendingBuckets(
  database: Database,
  { metric, runs, numbers }: Pending,
  bucketMs: number,
): Bucketed[] {
  const values = [...valuesOf(runs, metric), ...numbers.flatMap(series => pendingSamples(database, series))];
  const measured = values.filter(({ value }) => isMeasurable(value));
  const byStart = Map.groupBy(measured, ({ timeMs }) => Math.floor(timeMs / bucketMs) * bucketMs);
  return [...byStart].map(([startMs, inside]) => bucketed(startMs, inside));
}

/** The metrics of such runs. @param source null: of all modules */
export function pendingMetrics(database: Database, source: string | null): SeriesName[] {
  const names = pendingRuns(database, source).flatMap(run =>
    rolledValues(run).map(([metric]) => ({ source: run.module, metric, labels: {} })),
  );
  return [...new Map(names.map(name => [`${name.source}.${name.metric}`, name])).values()];
}

function bucketed(startMs: number, inside: readonly Timed[]): Bucketed {
  const sketch = new Sketch();
  for (const { value } of inside) sketch.add(value);
  const moments = inside.reduce((all: Moments, { value }) => joinMoments(all, momentsOf(value)), NO_MOMENTS);
  return { startMs, sketch, ...moments };
}

function valuesOf(runs: readonly Run[], metric: string): Timed[] {
  return runs.flatMap(run => {
    const found = rolledValues(run).find(([name]) => name === metric);
    return found === undefined ? [] : [{ timeMs: Date.parse(run.startedAt), value: found[1] }];
  });
}

/** In the order of their recording. @param module null: of all modules */
export function pendingRuns(database: Database, module: string | null): Run[] {
  return database
    .all<{ record: string }>(
      `SELECT record FROM runs WHERE ${module === null ? '' : 'module = ? AND '}seq > ? ORDER BY seq DESC LIMIT ${MOST}`,
      ...(module === null ? [] : [module]),
      rolledUp(database).run,
    )
    .reverse()
    .flatMap(({ record }) => readable(() => runOfRecord(database.path, record)));
}

/** A damaged record has no value: the supervisor mends it. */
function readable(read: () => Run): Run[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof DamagedRecord) return [];
    throw error;
  }
}

function pendingSamples(database: Database, series: number): Timed[] {
  // Of all series together: these are fewer than all samples of one series.
  const sql = `SELECT timeMs, value FROM (SELECT * FROM samples WHERE seq > ? ORDER BY seq DESC LIMIT ${MOST}) WHERE series = ?`;
  return database.all<Timed>(sql, rolledUp(database).sample, series);
}
