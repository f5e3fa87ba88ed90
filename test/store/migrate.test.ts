import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { openToRead } from '../../src/store/open-to-read.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { anOwner, aRun, closing, reopen, START_MS } from './fixtures.ts';

failOnLeaks();

/** The store as version 1 of its schema made it. */
const FIRST_VERSION = `
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
  PRAGMA application_id=${0x57_4b_50_52}; PRAGMA user_version=1;
`;

/** With two runs, the record of one of which is damaged. */
function firstVersion(folder: string): string {
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const database = new DatabaseSync(join(data, 'watchkeeper.db'));
  database.exec(FIRST_VERSION);
  const run = aRun({
    id: 'good',
    module: 'a',
    startedAt: new Date(START_MS + 5).toISOString(),
    runtimeSeconds: 2,
  });
  const insert = database.prepare('INSERT INTO runs (id, module, record) VALUES (?, ?, ?)');
  insert.run('good', 'a', JSON.stringify(run));
  insert.run('damaged', 'a', '{"id":');
  database.exec("INSERT INTO modules (name, lastSeq) VALUES ('a', 2)");
  database.close();
  return data;
}

test('a store of the first version is brought up to date, and what was in it can be asked for', t => {
  const data = firstVersion(temporaryFolder(t));
  assert.throws(
    () => openToRead(join(data, 'watchkeeper.db')),
    /start the supervisor once, which updates it/,
  );
  const store = reopen(data);
  store.claim(anOwner());
  store.judgeWith((_, run) => ({ state: {}, events: run.id === 'never' ? [] : [] }));
  assert.deepEqual(
    store.runs('a', 10).map(({ id }) => id),
    ['good'],
    'the damaged record is met and removed',
  );
  assert.deepEqual(
    store
      .values('a', 'runtimeSeconds', { sinceMs: START_MS, untilMs: START_MS + 10 })
      .map(each => ({ ...each })),
    [{ timeMs: START_MS + 5, value: 2, revision: store.runs('a', 1)[0]?.revision ?? null }],
  );
  while (store.keepHouse({ keepMs: 1e12, samplesMs: 1e6, leastRuns: 1 }, START_MS));
  assert.equal(store.rollups('a', 'runtimeSeconds', null, 'day', {})[0]?.count, 1);
});

test('an update that was interrupted goes on where it was, and one that takes long says how far it is', t => {
  const data = firstVersion(temporaryFolder(t));
  const interrupted = new DatabaseSync(join(data, 'watchkeeper.db'));
  interrupted.exec('ALTER TABLE runs ADD COLUMN startedMs INTEGER NOT NULL DEFAULT 0');
  interrupted.exec("UPDATE runs SET startedMs = 7 WHERE id = 'good'");
  interrupted.close();
  const told: string[] = [];
  let nowMs = 0;
  const clock = { now: () => START_MS, monotonic: () => (nowMs += 2_000) };
  const store = closing(openStore(data, { clock, progress: message => told.push(message) }).store);
  assert.deepEqual(told, ['the store is brought up to date: 2 of 2 runs']);
  assert.equal(store.values('a', 'runtimeSeconds', {})[0]?.timeMs, 7, 'what was done is not done again');
});
