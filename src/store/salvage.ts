import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { isObject, parsedJson } from '../json.ts';
import type { Run } from '../types.ts';
import { NOTHING, type Salvage } from './adopt.ts';
import { moduleNameSchema } from './performance-schema.ts';
import { runOf } from './read-performance.ts';
import { fileKind } from './set-aside.ts';

/** So many of the newest runs are looked at: a bound for a file that claims to hold more. */
const MOST_RUNS = 20_000;
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
    return {
      runs: runsOf(database),
      begun: rowsOf(database, 'SELECT id, record FROM begun', begunRow),
      facts: rowsOf(database, 'SELECT key, value FROM facts', factRow),
      services: rowsOf(database, 'SELECT name, restarts FROM services', serviceRow),
      slots: rowsOf(database, 'SELECT name, slotMs, misses FROM modules', slotRow),
      iteration: rowsOf(database, NEWEST, newestRow)[0]?.newest ?? 0,
      baselines: rowsOf(database, 'SELECT module, metric, record FROM baselines', baselineRow),
      series: rowsOf(database, 'SELECT id, source, metric, labels FROM series', seriesRow),
      rollups: rowsOf(database, ROLLUPS, rollupRow),
    };
  } catch {
    return NOTHING; // no database at all
  } finally {
    database?.close();
  }
}

/** Days before hours, newest first. */
const ROLLUPS = `SELECT series, bucketMs, startMs, count, mean, squares, min, max, sketch FROM rollups
  ORDER BY bucketMs DESC, startMs DESC LIMIT ${MOST_ROLLUPS}`;
const NEWEST = 'SELECT max(iteration) AS newest FROM iterations';
const RUNS = `SELECT module, record FROM runs ORDER BY seq DESC LIMIT ${MOST_RUNS}`;
const runRow = z.object({ module: moduleNameSchema, record: z.string() });

function runsOf(database: DatabaseSync): Run[] {
  return rowsOf(database, RUNS, runRow).flatMap(
    ({ module, record }) => runOf(module, parsedJson(record)) ?? [],
  );
}

/** Those rows that are right, up to the first that cannot be read: it is known that the file is damaged. */
function rowsOf<Row>(database: DatabaseSync, sql: string, schema: z.ZodType<Row>): Row[] {
  const rows: Row[] = [];
  try {
    for (const found of database.prepare(sql).iterate()) {
      const row = schema.safeParse(found);
      if (row.success) rows.push(row.data);
    }
  } catch {
    // the damage
  }
  return rows;
}
