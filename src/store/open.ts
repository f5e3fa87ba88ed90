import { closeSync, fchmodSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import type { Clock } from '../types.ts';
import { Database } from './database.ts';
import { isDamage, isForeignSchema, suspectFile } from './database-errors.ts';
import { migrate, probe, refuseNewer, refuseOlder, schemaVersion } from './schema.ts';
import { fileKind, setAside } from './set-aside.ts';
import { createStore, type Store } from './store.ts';

const STORE_FILE = 'watchkeeper.db';

/** Up to this size the whole file is checked at each start (some ms); above it only its schema and the ends of its tables. */
const SMALL_BYTES = 16e6;

const MAGIC = 'SQLite format 3\0';

export interface OpenedStore {
  store: Store;
  /** Where a damaged store was moved to; null where there was none. */
  setAside: string | null;
  /** Nothing was ever written to it: a history may be taken over. */
  fresh: boolean;
}

/**
 * Opens `watchkeeper.db` in the data folder, made where it is missing (folder 0700, file 0600). What is there and is not
 * a good store (damaged, cut off, a link, a FIFO, a folder, another program's database) is set aside and a fresh one opened.
 * To be called for writing only by the one who holds the workspace. A reader (`readOnly`) changes and sets aside nothing.
 *
 * @throws WatchkeeperError 'store': out of reach, of a newer version, or (reader) missing or damaged
 */
export function openStore(dataFolder: string, options: { clock: Clock; readOnly?: boolean }): OpenedStore {
  const path = join(dataFolder, STORE_FILE);
  if (options.readOnly === true) return { store: openToRead(path), setAside: null, fresh: false };
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const now = options.clock.now();
  try {
    return { ...openToWrite(path, now), setAside: null };
  } catch (error) {
    if (!(error instanceof DamagedStore)) throw error;
    const aside = setStoreAside(path, now);
    return { ...openToWrite(path, now), setAside: aside };
  }
}

/** The store is not one, or no longer. Never leaves this file. */
class DamagedStore extends Error {}

function openToWrite(path: string, nowMs: number): { store: Store; fresh: boolean } {
  checkKind(path);
  for (const side of sideFiles(path)) if (fileKind(side) !== 'regular') setAsideIfThere(side, nowMs);
  const database = open(path, false);
  try {
    const fresh = prepare(database);
    rmSync(suspectFile(path), { force: true, recursive: true });
    return { store: createStore(database), fresh };
  } catch (error) {
    database.close();
    if (isDamage(error) || isForeignSchema(error)) throw new DamagedStore(messageOf(error), { cause: error });
    throw error;
  }
}

function prepare(database: Database): boolean {
  const version = schemaVersion(database);
  if (version === null) throw new DamagedStore('it is the database of another program');
  refuseNewer(database.path, version);
  database.execute('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
  migrate(database, version);
  probe(database);
  checkContent(database);
  return version === 0;
}

/** A check of all pages costs as much as reading them: for a big file only after damage was met in use. */
function checkContent(database: Database): void {
  const suspect = fileKind(suspectFile(database.path)) !== 'missing';
  if (!suspect && statSync(database.path).size > SMALL_BYTES) return;
  const check = suspect ? 'integrity_check' : 'quick_check';
  const result = Object.values(database.one<Record<string, string>>(`PRAGMA ${check}(1)`) ?? {})[0];
  if (result !== 'ok') throw new DamagedStore(String(result));
}

function openToRead(path: string): Store {
  if (fileKind(path) === 'missing') {
    throw new WatchkeeperError('store', `${path} is not there: nothing has run in this workspace yet`);
  }
  let database: Database | null = null;
  try {
    if (fileKind(path) !== 'regular') throw new DamagedStore('it is not a regular file');
    database = open(path, true);
    const version = schemaVersion(database);
    if (version === null) throw new DamagedStore('it is the database of another program');
    refuseNewer(path, version);
    refuseOlder(path, version);
    return createStore(database);
  } catch (error) {
    database?.close();
    if (!(error instanceof DamagedStore)) throw error;
    throw new WatchkeeperError('store', `${path} is not a store (${error.message}): ${AT_NEXT_START}`);
  }
}

const AT_NEXT_START =
  'start the supervisor, which sets it aside and takes the history over from performance.json';

function open(path: string, readOnly: boolean): Database {
  // SQLite makes its files readable for all, and its side files like the main one: so the main one is made here.
  if (fileKind(path) === 'missing') createPrivate(path);
  return new Database(path, { readOnly });
}

function createPrivate(path: string): void {
  try {
    const fd = openSync(path, 'wx', 0o600);
    fchmodSync(fd, 0o600);
    closeSync(fd);
  } catch (error) {
    const code = systemErrorCode(error) ?? messageOf(error);
    throw new WatchkeeperError(
      'store',
      `${path} could not be made (${code}): check the disk and the folder's permissions`,
      { cause: error },
    );
  }
}

/**
 * Looks before SQLite does, which would follow a link and takes a file of one byte for an empty database. Only where this
 * process has no connection to the file: closing any descriptor of a file drops all locks that a process has on it.
 */
function checkKind(path: string): void {
  const kind = fileKind(path);
  if (kind === 'missing') return;
  if (kind !== 'regular') throw new DamagedStore('it is not a regular file');
  const head = Buffer.alloc(MAGIC.length);
  const fd = openSync(path, 'r');
  try {
    const read = readSync(fd, head);
    if (read > 0 && head.toString('latin1', 0, read) !== MAGIC)
      throw new DamagedStore('it is not a database');
  } finally {
    closeSync(fd);
  }
}

/** Also moves SQLite's side files: applied to the fresh store they would damage it. */
function setStoreAside(path: string, nowMs: number): string {
  const aside = setAside(path, nowMs);
  for (const side of sideFiles(path)) setAsideIfThere(side, nowMs);
  rmSync(suspectFile(path), { force: true, recursive: true });
  return aside;
}

function setAsideIfThere(path: string, nowMs: number): void {
  if (fileKind(path) !== 'missing') setAside(path, nowMs);
}

function sideFiles(path: string): string[] {
  return [`${path}-wal`, `${path}-shm`, `${path}-journal`];
}
