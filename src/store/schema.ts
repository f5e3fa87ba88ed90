import { WatchkeeperError } from '../errors.ts';
import type { Database } from './database.ts';
import { isDamage, isForeignSchema } from './database-errors.ts';

/** Says in the file's header whose database it is ("WKPR"). */
const APPLICATION_ID = 0x57_4b_50_52;

/**
 * What each version added, oldest first: never change an entry, add one. The version of a file is the number of entries
 * that it has been through.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), nonce TEXT NOT NULL, record TEXT NOT NULL) STRICT;
  CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE iterations (
    iteration INTEGER PRIMARY KEY, startedAt TEXT NOT NULL, endedAt TEXT, message TEXT, status TEXT
  ) STRICT;
  CREATE TABLE modules (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    successCount INTEGER NOT NULL DEFAULT 0, errorCount INTEGER NOT NULL DEFAULT 0,
    restartCount INTEGER NOT NULL DEFAULT 0, misses INTEGER NOT NULL DEFAULT 0,
    lastSeq INTEGER NOT NULL DEFAULT 0, slotMs INTEGER, state TEXT NOT NULL DEFAULT '{}'
  ) STRICT;
  CREATE TABLE begun (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE runs (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, module TEXT NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runsByModule ON runs (module, seq);
  CREATE TABLE events (seq INTEGER PRIMARY KEY, timeMs INTEGER NOT NULL, event TEXT NOT NULL, line TEXT NOT NULL) STRICT;
  CREATE INDEX eventsByTime ON events (timeMs);
  CREATE TABLE incidents (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, module TEXT NOT NULL, metric TEXT NOT NULL,
    status TEXT NOT NULL, direction TEXT NOT NULL, baseline REAL NOT NULL, value REAL NOT NULL,
    deviationPercent REAL, lastValue REAL NOT NULL, run TEXT NOT NULL, iteration INTEGER NOT NULL,
    runsOpen INTEGER NOT NULL, openedAt TEXT NOT NULL, endedAt TEXT, endedMs INTEGER
  ) STRICT;
  CREATE INDEX incidentsOpen ON incidents (module) WHERE status = 'open';
  CREATE TABLE services (name TEXT PRIMARY KEY, restarts INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // startedMs repeats what the record says, so that a range of time is found without reading the records.
  `
  ALTER TABLE runs ADD COLUMN startedMs INTEGER NOT NULL DEFAULT 0;
  UPDATE runs SET startedMs = coalesce(
    CAST(round(1000 * unixepoch(json_extract(record, '$.startedAt'), 'subsec')) AS INTEGER), 0
  ) WHERE json_valid(record);
  CREATE INDEX runsByStart ON runs (module, startedMs);
  CREATE TABLE series (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, metric TEXT NOT NULL, labels TEXT NOT NULL,
    UNIQUE (source, metric, labels)
  ) STRICT;
  CREATE TABLE samples (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, series INTEGER NOT NULL, timeMs INTEGER NOT NULL, value REAL NOT NULL
  ) STRICT;
  CREATE INDEX samplesBySeries ON samples (series, timeMs);
  CREATE TABLE rollups (
    series INTEGER NOT NULL, bucketMs INTEGER NOT NULL, startMs INTEGER NOT NULL, count INTEGER NOT NULL,
    mean REAL NOT NULL, squares REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, sketch BLOB NOT NULL,
    PRIMARY KEY (series, bucketMs, startMs)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE baselines (
    module TEXT NOT NULL, metric TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (module, metric)
  ) STRICT, WITHOUT ROWID;
  `,
];

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

/** Brings a file from `version` to the newest one, in one transaction. */
export function migrate(database: Database, version: number): void {
  if (version === MIGRATIONS.length) return;
  database.exclusively(() => {
    for (const migration of MIGRATIONS.slice(version)) database.execute(migration);
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
