import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { removeLeftover, syncFolder, writeNewFile } from '../durable.ts';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { adviceFor } from './advice.ts';
import { fileKind, setAside } from './set-aside.ts';

/** No file of ours takes so long to write. */
const BEING_WRITTEN_MS = 3_600_000;

/** One piece, or many that are written one after the other and never joined in memory. */
export type FileData = string | Uint8Array | Iterable<string | Uint8Array>;

/** The data as pieces, also where it is one. */
export function piecesOf(data: FileData): Iterable<string | Uint8Array> {
  return typeof data === 'string' || data instanceof Uint8Array ? [data] : data;
}

/** Only names that this file makes: `.performance.json.0123456789abcdef.tmp` */
const TEMPORARY = /^\..+\.[0-9a-f]{16}\.tmp$/;

/**
 * Replaces a file as a whole: whoever reads it sees the old content or the new one, after any crash and on a full disk
 * too. The new file has mode 0600. What stands at `path` and is not a regular file is set aside first and never written through.
 *
 * @param nowMs names what is set aside
 * @param isGood whether the regular file that stands there may be replaced; otherwise it is set aside, too
 * @returns where it was set aside, or null
 * @throws WatchkeeperError 'file'; the old file is then untouched and no temporary file is left
 */
export function writeFileAtomic(
  path: string,
  data: FileData,
  nowMs: number,
  isGood: (path: string) => boolean = () => true,
): string | null {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeNewFile(temporary, piecesOf(data));
    const kind = fileKind(path);
    const isFree = kind === 'missing' || (kind === 'regular' && isGood(path));
    const aside = isFree ? null : setAside(path, nowMs);
    renameSync(temporary, path);
    syncFolder(folder);
    return aside;
  } catch (error) {
    removeLeftover(temporary);
    throw error instanceof WatchkeeperError ? error : unwritable(path, error);
  }
}

/** Removes what killed writers left in a folder: files, and a socket that had no place yet. Only for the one who holds the workspace: it may be writing otherwise. */
export function sweepTemporaries(folder: string): void {
  for (const path of temporariesIn(folder)) removeLeftover(path);
}

/** The same of a folder, if it is there, into which other commands write too: what is so young may be theirs just now. */
export function sweepShared(folder: string, nowMs: number): void {
  if (fileKind(folder) !== 'folder') return;
  for (const path of temporariesIn(folder)) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && nowMs - stats.mtimeMs > BEING_WRITTEN_MS) removeLeftover(path);
  }
}

function temporariesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => (entry.isFile() || entry.isSocket()) && TEMPORARY.test(entry.name))
    .map(({ name }) => join(folder, name));
}

/** What to do about a file that could not be written, by its reason. */
export function unwritable(path: string, error: unknown): WatchkeeperError {
  const code = systemErrorCode(error) ?? messageOf(error);
  const advice = adviceFor(join(dirname(path), '.new'), code); // what we write to is a new name beside it
  return new WatchkeeperError('file', `${path} could not be written (${code}): ${advice}`, { cause: error });
}
