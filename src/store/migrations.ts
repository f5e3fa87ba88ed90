import type { Database } from './database.ts';

/** What one version of the schema added. */
interface Migration {
  /** Columns of tables that hold something, and how they are filled. */
  columns?: { sql: string; isThere(database: Database): boolean; fill(database: Database, tell: Tell): void };
  /** Everything else. */
  sql: string;
}

/** Is told how much of a long work is done. */
type Tell = (done: number, of: number) => void;

/**
 * What each version added, oldest first: never change an entry, add one. The version of a file is the number of entries
 * that it has been through.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    sql: `
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
  },
  {
    // startedMs repeats what the record says, so that a range of time is found without reading the records.
    columns: {
      sql: 'ALTER TABLE runs ADD COLUMN startedMs INTEGER NOT NULL DEFAULT 0',
      isThere: database =>
        database.one("SELECT 1 FROM pragma_table_info('runs') WHERE name = 'startedMs'") !== null,
      fill: fillStarts,
    },
    sql: `
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
  },
];

/** So many runs are changed in one transaction: the store's log, which holds what was changed, stays below 20 MB. */
const AT_ONCE = 20_000;

function fillStarts(database: Database, tell: Tell): void {
  const newest = database.one<{ seq: number | null }>('SELECT max(seq) AS seq FROM runs')?.seq ?? 0;
  const fill = `UPDATE runs SET startedMs = coalesce(
      CAST(round(1000 * unixepoch(json_extract(record, '$.startedAt'), 'subsec')) AS INTEGER), 0
    ) WHERE seq > ? AND seq <= ? AND startedMs = 0 AND json_valid(record)`;
  for (let seq = 0; seq < newest; seq += AT_ONCE) {
    database.exclusively(() => database.run(fill, seq, seq + AT_ONCE));
    tell(Math.min(seq + AT_ONCE, newest), newest);
  }
}
