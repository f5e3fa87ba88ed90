import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  unlinkSync,
  writeSync,
  writevSync,
} from 'node:fs';

/** A rename or a new name is only certain to survive a power failure once its folder is on the disk. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Makes a file of mode 0600, whatever the umask, with all of this in it and on the disk.
 *
 * @throws the error of the system: 'EEXIST' where there is something at `path` already; after any other it may be there in part
 */
export function writeNewFile(path: string, pieces: Iterable<string | Uint8Array>): void {
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

/** Writes all of it: the kernel may take less than it was given, on a nearly full disk above all. */
export function writeAll(fd: number, piece: string | Uint8Array): number {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written);
  return written;
}

/** After a failure that matters more, or for a later sweep to try again: whether it could be removed is not asked. */
export function removeLeftover(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, never made, or not to be removed now.
  }
}
