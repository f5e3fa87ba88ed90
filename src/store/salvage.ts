import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { BUCKET_MS } from '../buckets.ts';
import { isObject, parsedJson } from '../json.ts';
import { NOTHING, type Salvage } from './adopt.ts';
import { moduleNameSchema } from './performance-schema.ts';
import { runOf } from './read-performance.ts';
import { isRolledUp, ROLLED_UP, type RolledUp } from './rollups.ts';
import { fileKind } from './set-aside.ts';

/** So many of the newest are looked at: a bound for the time and the memory that it takes, some seconds and 200 MB. */
const MOST_RUNS = 50_000;
const MOST_SAMPLES = 100_000;
const MOST_ROLLUPS = 500_000;

const count = z.int().min(0).max(1e12);
const begunRow = z.object({ id: z.string(), record: z.string().refine(text => isObject(parsedJson(text))) });
const factRow = z.object({
  key: z.string(),
  value: z.string().refine(text => parsedJson(text) !== undefined),
});
const serviceRow = z.object({ name: moduleNameSchema, restarts: count });
const slotRow = z.object({ name: moduleNameSchema, slotMs: z.int().nullable(), misses: count });
const baselineRow = z.object({
  module: moduleNameSchema,
  metric: z.string(),
  record: z.string().refine(text => isObject(parsedJson(text))),
});
const seriesRow = z.object({ id: z.int(), source: z.string(), metric: z.string(), labels: z.string() });
const rollupRow = z.object({
  ...{ series: z.int(), bucketMs: z.int(), startMs: z.int(), count: z.int().min(1) },
  ...{ mean: z.number(), squares: z.number(), min: z.number(), max: z.number() },
  sketch: z.instanceof(Uint8Array),
});
const sampleRow = z.object({ seq: count, series: z.int(), timeMs: z.int(), value: z.number() });
const newestRow = z.object({ newest: count });

/**
 * Looks what a damaged store still holds, so that the one in its place loses as little as can be: the files show what was
 * written last, the store also what has happened since.
 *
 * @throws WatchkeeperError 'file' where it may not even be looked at
 */
export function salvage(path: string): Salvage {
  if (fileKind(path) !== 'regular') return NOTHING; // a FIFO would be waited for, and a link lead to a file of somebody else's
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const facts = rowsOf(database, 'SELECT key, value FROM facts', factRow);
    const series = rowsOf(database, 'SELECT id, source, metric, labels FROM series', seriesRow);
    const reached = reachedIn(facts);
    return {
      ...runsOf(database, reached),
      begun: rowsOf(database, 'SELECT id, record FROM begun', begunRow),
      facts,
      services: rowsOf(database, 'SELECT name, restarts FROM services', serviceRow),
      slots: rowsOf(database, 'SELECT name, slotMs, misses FROM modules', slotRow),
      iteration: rowsOf(database, NEWEST, newestRow)[0]?.newest ?? 0,
      baselines: rowsOf(database, BASELINES, baselineRow),
      series,
      rollups: rollupsOf(database, series),
      samples: samplesOf(database, reached),
    };
  } catch {
    return NOTHING; // no database at all
  } finally {
    database?.close();
  }
}

/** The baselines alone; null where not all of them can be read. */
export function salvagedBaselines(path: string): Salvage['baselines'] | null {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const { rows, isWhole } = read(database, BASELINES, baselineRow);
    return isWhole ? rows : null;
  } catch {
    return null;
  } finally {
    database?.close();
  }
}

const BASELINES = 'SELECT module, metric, record FROM baselines ORDER BY module, metric';

const NEWEST = 'SELECT max(iteration) AS newest FROM iterations';

/** What is in the roll-ups. Where that is not known all is: it counts once at most. */
function reachedIn(facts: Salvage['facts']): RolledUp {
  const value = parsedJson(facts.find(({ key }) => key === ROLLED_UP)?.value ?? '');
  return isRolledUp(value) ? value : { run: Number.MAX_SAFE_INTEGER, sample: Number.MAX_SAFE_INTEGER };
}

const runRow = z.object({ seq: count, module: moduleNameSchema, record: z.string() });

function runsOf(database: DatabaseSync, reached: RolledUp): Pick<Salvage, 'runs' | 'notRolledUp'> {
  const found = aroundDamage(MOST_RUNS, order =>
    read(database, `SELECT seq, module, record FROM runs ORDER BY seq ${order} LIMIT ${MOST_RUNS}`, runRow),
  );
  const newestFirst = bySeq(found).reverse();
  const runs = newestFirst.flatMap(({ seq, module, record }) => {
    const run = runOf(module, parsedJson(record));
    return run === null ? [] : [{ seq, run }];
  });
  return {
    runs: runs.map(({ run }) => run),
    notRolledUp: new Set(runs.filter(({ seq }) => seq > reached.run).map(({ run }) => run.id)),
  };
}

function samplesOf(database: DatabaseSync, reached: RolledUp): Salvage['samples'] {
  const found = aroundDamage(MOST_SAMPLES, order =>
    read(
      database,
      `SELECT seq, series, timeMs, value FROM samples ORDER BY seq ${order} LIMIT ${MOST_SAMPLES}`,
      sampleRow,
    ),
  );
  return bySeq(found).map(({ seq, ...sample }) => ({ ...sample, isRolledUp: seq <= reached.sample }));
}

/** Each once, by its number. */
function bySeq<Row extends { seq: number }>(rows: Row[]): Row[] {
  return [...new Map(rows.map(row => [row.seq, row])).values()].sort((a, b) => a.seq - b.seq);
}

/** Series by series, because a damaged page hides only what is on it; days before hours. */
function rollupsOf(database: DatabaseSync, series: Salvage['series']): Salvage['rollups'] {
  const rollups: Salvage['rollups'] = [];
  const numbers = series.map(({ id }) => id);
  for (const bucketMs of [BUCKET_MS.day, BUCKET_MS.hour])
    for (const number of numbers) {
      const left = MOST_ROLLUPS - rollups.length;
      if (left <= 0) return rollups;
      const sql = (order: Order): string =>
        `SELECT ${ROLLUP} FROM rollups WHERE series = ? AND bucketMs = ? ORDER BY startMs ${order} LIMIT ${left}`;
      rollups.push(...aroundDamage(left, order => read(database, sql(order), rollupRow, number, bucketMs)));
    }
  return rollups;
}

const ROLLUP = 'series, bucketMs, startMs, count, mean, squares, min, max, sketch';

type Order = 'DESC' | 'ASC';

/** The newest up to the damage, and where there is some, the oldest up to it: what is between the two cannot be read. */
function aroundDamage<Row>(most: number, readIn: (order: Order) => Rows<Row>): Row[] {
  const newest = readIn('DESC');
  if (newest.isWhole) return newest.rows;
  return [...newest.rows, ...readIn('ASC').rows.slice(0, most - newest.rows.length)];
}

interface Rows<Row> {
  rows: Row[];
  /** Nothing was in the way. */
  isWhole: boolean;
}

function rowsOf<Row>(database: DatabaseSync, sql: string, schema: z.ZodType<Row>): Row[] {
  return read(database, sql, schema).rows;
}

/** Those rows that are right, up to the first that cannot be read: it is known that the file is damaged. */
function read<Row>(
  database: DatabaseSync,
  sql: string,
  schema: z.ZodType<Row>,
  ...parameters: number[]
): Rows<Row> {
  const rows: Row[] = [];
  try {
    for (const found of database.prepare(sql).iterate(...parameters)) {
      const row = schema.safeParse(found);
      if (row.success) rows.push(row.data);
    }
    return { rows, isWhole: true };
  } catch {
    return { rows, isWhole: false }; // the damage
  }
}
