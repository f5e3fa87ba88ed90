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
  writevSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { adviceFor } from './advice.ts';
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
    writeNew(temporary, typeof data === 'string' || data instanceof Uint8Array ? [data] : data);
    const kind = fileKind(path);
    const isFree = kind === 'missing' || (kind === 'regular' && isGood(path));
    const aside = isFree ? null : setAside(path, nowMs);
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
  const advice = adviceFor(join(dirname(path), '.new'), code); // what we write to is a new name beside it
  return new WatchkeeperError('file', `${path} could not be written (${code}): ${advice}`, { cause: error });
}

/** A rename or a new name is only certain to survive a power failure once its folder is on the disk. */
export function syncFolder(folder: string): void {
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
    for (const batch of batchesOf(pieces)) expected += writeBatch(fd, batch);
    const { size } = fstatSync(fd);
    if (size !== expected) throw new Error(`${size} of ${expected} bytes arrived`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** So many pieces the kernel takes in one call (IOV_MAX), and so many bytes at most are held together. */
const BATCH_PIECES = 1_024;
const BATCH_BYTES = 8e6;

function* batchesOf(pieces: Iterable<string | Uint8Array>): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    const added = typeof piece === 'string' ? Buffer.from(piece) : piece;
    batch.push(added);
    bytes += added.length;
    if (batch.length < BATCH_PIECES && bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Many pieces in one call, without joining them; what the kernel did not take is written after it. */
function writeBatch(fd: number, batch: Uint8Array[]): number {
  let taken = writevSync(fd, batch);
  for (const piece of batch) {
    if (taken < piece.length) writeAll(fd, piece.subarray(taken));
    taken = Math.max(0, taken - piece.length);
  }
  return batch.reduce((sum, { length }) => sum + length, 0);
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // Gone already, or never made. Anything else is left for the next sweep: the failure that led here matters more.
    if (systemErrorCode(error) === 'ENOENT') return;
  }
}
