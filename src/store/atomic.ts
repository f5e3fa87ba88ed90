import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { fileKind, setAside } from './set-aside.ts';

/** One piece, or many that are written one after the other and never joined in memory. */
export type FileData = string | Uint8Array | Iterable<string | Uint8Array>;

/** Only names that this file makes: `.performance.json.0123456789abcdef.tmp` */
const TEMPORARY = /^\..+\.[0-9a-f]{16}\.tmp$/;

/**
 * Replaces a file as a whole: whoever reads it sees the old content or the new one, after any crash and on a full disk
 * too. The new file has mode 0600. What stands at `path` and is not a regular file is set aside first and never written through.
 *
 * @param nowMs names what is set aside
 * @returns where it was set aside, or null
 * @throws WatchkeeperError 'file'; the old file is then untouched and no temporary file is left
 */
export function writeFileAtomic(path: string, data: FileData, nowMs: number): string | null {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeNew(temporary, typeof data === 'string' || data instanceof Uint8Array ? [data] : data);
    const kind = fileKind(path);
    const aside = kind === 'regular' || kind === 'missing' ? null : setAside(path, nowMs);
    renameSync(temporary, path);
    syncFolder(folder);
    return aside;
  } catch (error) {
    removeIfThere(temporary);
    throw error instanceof WatchkeeperError ? error : unwritable(path, error);
  }
}

/** Removes what killed writers left in a folder. Only for the one who holds the workspace: it may be writing otherwise. */
export function sweepTemporaries(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && TEMPORARY.test(entry.name)) removeIfThere(join(folder, entry.name));
  }
}

/** Writes all of it: the kernel may take less than it was given, on a nearly full disk above all. */
export function writeAll(fd: number, piece: string | Uint8Array): number {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written);
  return written;
}

/** What to do about a file that could not be written, by its reason. */
export function unwritable(path: string, error: unknown): WatchkeeperError {
  const code = systemErrorCode(error) ?? messageOf(error);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const advice = full
    ? 'the disk is full: make room'
    : `check the disk and the permissions of ${dirname(path)}`;
  return new WatchkeeperError('file', `${path} could not be written (${code}): ${advice}`, { cause: error });
}

/** A rename or a new name is only certain to survive a power failure once its folder is on the disk. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeNew(path: string, pieces: Iterable<string | Uint8Array>): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    fchmodSync(fd, 0o600); // a umask can have taken our own rights away
    let expected = 0;
    for (const piece of pieces) expected += writeAll(fd, piece);
    const { size } = fstatSync(fd);
    if (size !== expected) throw new Error(`${size} of ${expected} bytes arrived`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // Gone already, or never made. Anything else is left for the next sweep: the failure that led here matters more.
    if (systemErrorCode(error) === 'ENOENT') return;
  }
}
