import { accessSync, constants, statSync } from 'node:fs';
import { WatchkeeperError } from '../errors.ts';
import { Database } from './database.ts';
import { isUnopened } from './database-errors.ts';
import { unreadable } from './read-file.ts';
import { refuseNewer, refuseOlder, schemaVersion } from './schema.ts';
import { fileKind } from './set-aside.ts';
import { createStore, type Store } from './store.ts';

export const STORE_FILE = 'watchkeeper.db';

/** Nothing has run yet: there is no store, or nothing was ever written to it, because the first start was killed. */
export class EmptyStore extends WatchkeeperError {}

/**
 * Opens a store for somebody who only looks: changes, sets aside and mends nothing. Works where nothing can be written, too.
 *
 * @throws WatchkeeperError 'store' where it is missing, damaged or of another version; 'file' where it is out of reach
 */
export function openToRead(path: string): Store {
  return readStore(path).store;
}

/** The same, and how. @throws WatchkeeperError 'store', 'file' */
export function readStore(path: string): ReadStore {
  refuseOutOfReach(path);
  try {
    return { store: opened(path, false), isOfMoment: false };
  } catch (error) {
    // Even to read, SQLite makes files beside the store, unless it is told that nobody writes: true where its log is empty.
    if (!isUnopened(error) || !isLogEmpty(path)) throw error;
    return { store: opened(path, true), isOfMoment: true };
  }
}

interface ReadStore {
  store: Store;
  /** It is taken for a file that nobody writes: once somebody does, it has to be opened again. */
  isOfMoment: boolean;
}

function opened(path: string, immutable: boolean): Store {
  const database = new Database(path, { readOnly: true, immutable });
  try {
    refuseUnfit(database);
    return createStore(database, null);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws WatchkeeperError 'store' where what is open is no store of this version */
export function refuseUnfit(database: Database): void {
  const { path } = database;
  const version = schemaVersion(database);
  if (version === null) throw noStore(path, 'it is the database of another program');
  if (version === 0) throw new EmptyStore('store', `${path} holds nothing yet: ${AT_NEXT_START}`);
  refuseNewer(path, version);
  refuseOlder(path, version);
}

/** @param missing what is said where there is none. @throws WatchkeeperError 'store', 'file' where there is no regular file that may be read */
export function refuseOutOfReach(path: string, missing = 'nothing has run in this workspace yet'): void {
  const kind = fileKind(path);
  if (kind === 'missing') throw new WatchkeeperError('store', `${path} is not there: ${missing}`);
  if (kind !== 'regular') throw noStore(path, 'it is not a regular file');
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isLogEmpty(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

function noStore(path: string, why: string): WatchkeeperError {
  return new WatchkeeperError('store', `${path} is not a store (${why}): ${AT_NEXT_START}`);
}

const AT_NEXT_START =
  'start the supervisor, which sets it aside and takes the history over from performance.json';
