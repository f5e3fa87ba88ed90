import { BUCKET_MS } from '../buckets.ts';
import type { Run } from '../glossary/run.ts';
import { isObject } from '../json.ts';
import { metricValues } from '../judge/values.ts';
import { labelsKey } from '../labels.ts';
import { isMeasurable } from '../stats/measurable.ts';
import { joinMoments, type Moments, momentsOf, NO_MOMENTS } from '../stats/moments.ts';
import { Sketch } from '../stats/sketch.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';
import { putFact } from './facts.ts';
import { runOfRecord } from './run-record.ts';
import { OUTCOME_SIGN, type SeriesNumbers } from './series.ts';

/** How far the roll-ups have got: the last run and the last sample that are in them. */
export interface RolledUp {
  run: number;
  sample: number;
}

/** How far that is, as a fact. */
export const ROLLED_UP = 'rolledUp';

/** @throws DamagedRecord */
export function rolledUp(database: Database): RolledUp {
  const row = database.one<{ value: string }>('SELECT value FROM facts WHERE key = ?', ROLLED_UP);
  return row === null ? { run: 0, sample: 0 } : parseRecord<RolledUp>(database.path, row.value, isRolledUp);
}

export function isRolledUp(value: unknown): value is RolledUp {
  return isObject(value) && Number.isSafeInteger(value['run']) && Number.isSafeInteger(value['sample']);
}

/** How far it is where all that is there is in the roll-ups. */
export function allRolledUp(database: Database): RolledUp {
  const newest = (table: 'runs' | 'samples'): number =>
    database.one<{ seq: number | null }>(`SELECT max(seq) AS seq FROM ${table}`)?.seq ?? 0;
  return { run: newest('runs'), sample: newest('samples') };
}

/**
 * Takes the next runs and samples into the roll-ups of their hours and days, at most `limit` of each, in one transaction with the
 * note of how far it has got: a kill at any moment neither loses nor doubles one. A run counts in the hour in which it
 * started, and a late one still does: a roll-up is never closed.
 *
 * @returns whether there may be more
 */
export function rollUp(database: Database, numbers: SeriesNumbers, limit: number): boolean {
  const done = rolledUp(database);
  const runs = database.all<{ seq: number; record: string; startedMs: number }>(
    'SELECT seq, record, startedMs FROM runs WHERE seq > ? ORDER BY seq LIMIT ?',
    ...[done.run, limit],
  );
  const samples = database.all<SampleRow>(
    'SELECT seq, series, timeMs, value FROM samples WHERE seq > ? ORDER BY seq LIMIT ?',
    ...[done.sample, limit],
  );
  if (runs.length + samples.length === 0) return false;
  numbers.write(() => {
    const ofRuns = runs.map(({ record, startedMs }) => ({
      run: runOfRecord(database.path, record),
      startedMs,
    }));
    addToRollups(database, numbers, ofRuns, samples);
    const reached = { run: runs.at(-1)?.seq ?? done.run, sample: samples.at(-1)?.seq ?? done.sample };
    putFact(database, ROLLED_UP, reached satisfies RolledUp);
  });
  return runs.length === limit || samples.length === limit;
}

/** Inside a transaction. */
export function addToRollups(
  database: Database,
  numbers: SeriesNumbers,
  runs: readonly { run: Run; startedMs: number }[],
  samples: readonly Pick<SampleRow, 'series' | 'timeMs' | 'value'>[] = [],
): void {
  const buckets = new Buckets();
  for (const { run, startedMs } of runs)
    for (const [metric, value] of rolledValues(run)) {
      const series = numbers.of(run.module, metric, labelsKey({}));
      if (series !== null) buckets.add(series, startedMs, value);
    }
  for (const { series, timeMs, value } of samples) buckets.add(series, timeMs, value);
  buckets.writeTo(database);
}

interface SampleRow {
  seq: number;
  series: number;
  timeMs: number;
  value: number;
}

/** What is rolled up of a run: how it ended, with the time that it took, its CPU time, and, where it succeeded, its metrics. */
export function rolledValues(run: Run): [metric: string, value: number][] {
  const outcome: [string, number] = [`${OUTCOME_SIGN}${run.outcome}`, run.runtimeSeconds ?? 0];
  const cpu: [string, number][] = run.cpuSeconds === null ? [] : [['cpuSeconds', run.cpuSeconds]];
  return [outcome, ...cpu, ...(run.outcome === 'ok' ? metricValues(run) : [])];
}

interface Content {
  moments: Moments;
  sketch: Sketch;
}

interface RollupRow extends Moments {
  sketch: Uint8Array;
}

/** What is added to the roll-ups, joined in memory first: each row is read and written once. */
class Buckets {
  readonly #contents = new Map<
    string,
    Content & { key: [series: number, bucketMs: number, startMs: number] }
  >();

  add(series: number, timeMs: number, value: number): void {
    if (!isMeasurable(value)) return;
    for (const bucketMs of Object.values(BUCKET_MS)) {
      const key: [number, number, number] = [series, bucketMs, Math.floor(timeMs / bucketMs) * bucketMs];
      const name = key.join(' ');
      const content = this.#contents.get(name) ?? { key, moments: NO_MOMENTS, sketch: new Sketch() };
      content.moments = joinMoments(content.moments, momentsOf(value));
      content.sketch.add(value);
      this.#contents.set(name, content);
    }
  }

  /** Inside a transaction. */
  writeTo(database: Database): void {
    for (const { key, moments, sketch } of this.#contents.values()) {
      const kept = database.one<RollupRow>(
        'SELECT count, mean, squares, min, max, sketch FROM rollups WHERE series = ? AND bucketMs = ? AND startMs = ?',
        ...key,
      );
      const before = kept === null ? null : Sketch.unpack(kept.sketch);
      if (before !== null) sketch.join(before);
      const { count, mean, squares, min, max } = kept === null ? moments : joinMoments(kept, moments);
      const put = `INSERT OR REPLACE INTO rollups (series, bucketMs, startMs, count, mean, squares, min, max, sketch)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
      database.run(put, ...key, count, mean, squares, min, max, sketch.pack());
    }
  }
}
