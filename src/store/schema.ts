import { WatchkeeperError } from '../errors.ts';
import type { Database } from './database.ts';
import { isDamage, isForeignSchema } from './database-errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** Says in the file's header whose database it is ("WKPR"). */
const APPLICATION_ID = 0x57_4b_50_52;

/** One cheap look at each table: what a file must have to be ours. */
const PROBES = [
  'SELECT nonce, record FROM owner LIMIT 1',
  'SELECT key, value FROM facts LIMIT 1',
  'SELECT iteration, endedAt FROM iterations ORDER BY iteration DESC LIMIT 1',
  'SELECT name, lastSeq, state FROM modules LIMIT 1',
  'SELECT id, record FROM begun LIMIT 1',
  'SELECT seq, id, module, record, startedMs FROM runs ORDER BY seq DESC LIMIT 1',
  'SELECT seq, timeMs, line FROM events ORDER BY seq DESC LIMIT 1',
  'SELECT seq, id, status FROM incidents ORDER BY seq DESC LIMIT 1',
  'SELECT name, restarts FROM services LIMIT 1',
  'SELECT id, source, metric, labels FROM series LIMIT 1',
  'SELECT seq, series, timeMs, value FROM samples ORDER BY seq DESC LIMIT 1',
  'SELECT series, bucketMs, startMs, sketch FROM rollups LIMIT 1',
  'SELECT module, metric, record FROM baselines LIMIT 1',
];

/** The version of the open file: 0 for one without any content, null for the database of another program. */
export function schemaVersion(database: Database): number | null {
  const tables = database.one<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema')?.count ?? 0;
  if (tables === 0) return 0;
  if (pragma(database, 'application_id') !== APPLICATION_ID) return null;
  return pragma(database, 'user_version');
}

/** @throws WatchkeeperError 'store' where the file is of a newer Watchkeeper: it is good, so it stays as it is */
export function refuseNewer(path: string, version: number): void {
  if (version <= MIGRATIONS.length) return;
  throw new WatchkeeperError(
    'store',
    `${path} was written by a newer Watchkeeper (store version ${version}; this one knows up to ${MIGRATIONS.length}): ` +
      'update Watchkeeper, or move the file away to begin again from performance.json',
  );
}

/** @throws WatchkeeperError 'store' where a reader, who may change nothing, finds an older version */
export function refuseOlder(path: string, version: number): void {
  if (version === MIGRATIONS.length) return;
  throw new WatchkeeperError(
    'store',
    `${path} is of an older Watchkeeper: start the supervisor once, which updates it`,
  );
}

/**
 * Brings a file from `version` to the newest one: a new one in one transaction; one that holds something in several, as what is
 * changed in each of many rows must not make a log as large as the store. Interrupted, it goes on at the next start: until the last
 * transaction the file is one of its old version, with columns that nobody asks for.
 *
 * Cost: some seconds for a million runs of the first version.
 *
 * @param tell is told how far a long update has got
 */
export function migrate(
  database: Database,
  version: number,
  tell: (message: string) => void = () => {},
): void {
  const missing = MIGRATIONS.slice(version);
  if (missing.length === 0) return;
  const columns = missing.flatMap(migration => (version === 0 ? [] : (migration.columns ?? [])));
  for (const { sql, isThere, fill } of columns) {
    if (!isThere(database)) database.exclusively(() => database.execute(sql));
    fill(database, (done, of) => tell(`the store is brought up to date: ${done} of ${of} runs`));
  }
  database.exclusively(() => {
    for (const { sql, columns: added } of missing) {
      if (version === 0 && added !== undefined) database.execute(added.sql);
      database.execute(sql);
    }
    database.execute(`PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${MIGRATIONS.length}`);
  });
}

/** @throws WatchkeeperError 'store' where a table is missing or damaged at its ends */
export function probe(database: Database): void {
  for (const sql of PROBES) database.one(sql);
}

/** Whether nothing is missing or damaged anywhere in the file. Cost: all of it is read. */
export function isWhole(database: Database): boolean {
  try {
    probe(database);
    return checked(database, 'integrity_check') === 'ok';
  } catch (error) {
    if (isDamage(error) || isForeignSchema(error)) return false;
    throw error;
  }
}

/** `ok`, or the first thing that is wrong. `quick_check` does not compare the indexes with their tables. */
export function checked(database: Database, check: 'quick_check' | 'integrity_check'): string {
  return String(Object.values(database.one<Record<string, string>>(`PRAGMA ${check}(1)`) ?? {})[0]);
}

function pragma(database: Database, name: 'application_id' | 'user_version'): number {
  return Object.values(database.one<Record<string, number>>(`PRAGMA ${name}`) ?? {})[0] ?? 0;
}
