import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Clock } from '../glossary/clock.ts';
import { unwritable } from './atomic.ts';
import { Database, DURABLE } from './database.ts';
import { isDamage, isForeignSchema, suspectFile } from './database-errors.ts';
import { Mender } from './mender.ts';
import { STORE_FILE } from './open-to-read.ts';
import { unreadable } from './read-file.ts';
import { checked, migrate, probe, refuseNewer, schemaVersion } from './schema.ts';
import { fileKind } from './set-aside.ts';
import { createStore, type Store } from './store.ts';
import {
  clearSides,
  createPrivate,
  finishSetAside,
  forgetUntaken,
  newStoreFile,
  removeStore,
  setStoreAside,
  sidesNotice,
  untakenStore,
} from './store-files.ts';

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

export interface OpenOptions {
  clock: Clock;
  /** What the user is to be told already; the store tells it with its own (see `Store.notices`). */
  notices?: string[];
  /** Is told, now and then, how far a work has got that takes longer than a second. */
  progress?(message: string): void;
}

/**
 * Opens `watchkeeper.db` in the data folder, made where it is missing (folder 0700, file 0600). What is there and is not
 * a good store (damaged, cut off, a link, a FIFO, a folder, another program's database) is set aside and a fresh one opened.
 * Only for the one who holds the workspace; whoever only looks takes `openToRead`.
 *
 * @throws WatchkeeperError 'store': out of reach, or of a newer version
 */
export function openStore(dataFolder: string, options: OpenOptions): OpenedStore {
  const path = join(dataFolder, STORE_FILE);
  makeFolder(dataFolder);
  try {
    return openToWrite(path, null, options);
  } catch (error) {
    if (!(error instanceof DamagedStore)) throw error;
    const aside = setStoreAside(path, options.clock.now());
    options.notices?.push(...sidesNotice(aside));
    return openToWrite(path, aside, options);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** The store is not one, or no longer. Never leaves this file. */
class DamagedStore extends Error {}

function openToWrite(path: string, aside: string | null, options: OpenOptions): OpenedStore {
  const { clock, notices = [] } = options;
  finishSetAside(path);
  checkKind(path);
  removeStore(newStoreFile(path)); // of a supervisor that was killed while it made it
  notices.push(...clearSides(path, clock.now()));
  if (fileKind(path) === 'missing') createPrivate(path);
  const database = new Database(path, { readOnly: false });
  try {
    const suspect = fileKind(suspectFile(path)) !== 'missing';
    const fresh = prepare(database, suspect, options);
    rmSync(suspectFile(path), { force: true, recursive: true });
    const mender = new Mender(database, { clock, notices, setAside: aside ?? untakenStore(path), suspect });
    const store = createStore(database, mender);
    if (!store.needsHistory()) forgetUntaken(path);
    return { store, fresh, setAside: aside };
  } catch (error) {
    database.close();
    if (isDamage(error) || isForeignSchema(error)) throw new DamagedStore(messageOf(error), { cause: error });
    throw error;
  }
}

function prepare(database: Database, suspect: boolean, { clock, progress = () => {} }: OpenOptions): boolean {
  const version = schemaVersion(database);
  if (version === null) throw new DamagedStore('it is the database of another program');
  refuseNewer(database.path, version);
  database.execute(DURABLE);
  migrate(database, version, seldom(clock, progress));
  probe(database);
  checkContent(database, suspect);
  return version === 0;
}

const FIRST_TOLD_MS = 1_000;
const TOLD_EVERY_MS = 5_000;

/** After a second, and then every few seconds. */
function seldom(clock: Clock, progress: (message: string) => void): (message: string) => void {
  let nextMs = clock.monotonic() + FIRST_TOLD_MS;
  return message => {
    const nowMs = clock.monotonic();
    if (nowMs < nextMs) return;
    nextMs = nowMs + TOLD_EVERY_MS;
    progress(message);
  };
}

/** A check of all pages costs as much as reading them: for a big file only after damage was met in use. */
function checkContent(database: Database, suspect: boolean): void {
  if (!suspect && statSync(database.path).size > SMALL_BYTES) return;
  const result = checked(database, suspect ? 'integrity_check' : 'quick_check');
  if (result !== 'ok') throw new DamagedStore(result);
}

function openReadable(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
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
  // Its very first write was cut off by a power failure: SQLite takes that back, and says itself where there is no database.
  if (fileKind(`${path}-journal`) === 'regular') return;
  const head = Buffer.alloc(MAGIC.length);
  const fd = openReadable(path);
  try {
    const read = readSync(fd, head);
    if (read > 0 && head.toString('latin1', 0, read) !== MAGIC)
      throw new DamagedStore('it is not a database');
  } finally {
    closeSync(fd);
  }
}
