import { closeSync, openSync } from 'node:fs';
import { messageOf, WatchkeeperError } from '../errors.ts';
import { isObject, parsedJson } from '../json.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const CODES = {
  error: 1,
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

const ADVICE: Record<number, string> = {
  [CODES.busy]: 'another program keeps it locked: end that program (a database browser?) and try again',
  [CODES.readOnly]: 'it cannot be written: check the permissions of the folder and its files',
  [CODES.ioError]: 'the disk failed to read or write: check the disk and the free space',
  [CODES.full]: 'the disk is full: make room',
  [CODES.cannotOpen]: 'it cannot be opened: check the permissions of the folder and its files',
};

/** The file that tells the next start to check the whole store, because damage was met in use. */
export function suspectFile(path: string): string {
  return `${path}.suspect`;
}

/** An error of SQLite as a WatchkeeperError that says what to do; anything else as it is. */
export function storeError(path: string, error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  const damaged = isDamage(error);
  if (damaged) markSuspect(path);
  const advice = damaged
    ? 'it is damaged: start the supervisor again, which checks it and sets it aside'
    : (ADVICE[code] ?? 'try again; if it stays, move the file away and start again');
  return new WatchkeeperError('store', `${path}: ${messageOf(error)}: ${advice}`, { cause: error });
}

/** Whether an error (or its cause) says that the content of the store is damaged, and not that it is only out of reach. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error) ?? sqliteCode(error instanceof Error ? error.cause : null);
  return code === CODES.corrupt || code === CODES.notADatabase;
}

/** Whether SQLite says that the text does not fit the schema: a table or column that should be there is not. */
export function isForeignSchema(error: unknown): boolean {
  return error instanceof Error && sqliteCode(error.cause) === CODES.error;
}

/** Whether SQLite could not open the file, or would have to write beside it for that and may not. */
export function isUnopened(error: unknown): boolean {
  const code = sqliteCode(error instanceof Error ? error.cause : null);
  return code === CODES.cannotOpen || code === CODES.readOnly;
}

/** Whether another process keeps the file locked. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === CODES.busy;
}

/** A text in the store is not the JSON that we put there; the database around it is whole. */
export class DamagedRecord extends WatchkeeperError {}

/**
 * Reads a JSON text that we stored ourselves.
 *
 * @param isRight what is to be there; by default any object
 * @throws DamagedRecord where something else is there
 */
export function parseRecord<T>(
  path: string,
  text: string,
  isRight: (value: unknown) => boolean = isObject,
): T {
  const value = parsedJson(text);
  if (value !== undefined && isRight(value)) return value as T;
  markSuspect(path);
  throw new DamagedRecord('store', `${path} holds a damaged record: ${AT_START} mends it`);
}

const AT_START = 'the supervisor, at its next start,';

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

function markSuspect(path: string): void {
  try {
    closeSync(openSync(suspectFile(path), 'a', 0o600));
  } catch {
    // Only a hint for the next start; the damage itself is being reported.
  }
}
