import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { adviceFor } from './advice.ts';

/** A file that could be read, or in words why it could not: expected failure is data. */
export type ReadResult = { content: Buffer } | { problem: string };

/**
 * Reads a regular file whole. Never follows a link, never waits on a FIFO or a device, never takes more than `maxBytes`
 * of memory, whatever the file is replaced by or grows to meanwhile.
 *
 * @returns null where there is no such file
 * @throws WatchkeeperError 'file' where the file may well be good but cannot be read (permissions, a failing disk)
 */
export function readRegularFile(path: string, maxBytes: number): ReadResult | null {
  const opened = openRegular(path, constants.O_RDONLY);
  if (typeof opened !== 'object') return opened === null ? null : readOpen(path, opened, maxBytes);
  return opened;
}

/**
 * Opens a regular file without following a link and without waiting. O_NONBLOCK has no meaning for regular files, but
 * keeps `open` from waiting for the other end of a FIFO that took the file's place.
 *
 * @returns a descriptor, null where there is no such file, or a problem where something else stands there
 */
export function openRegular(path: string, flags: number): number | { problem: string } | null {
  let fd: number;
  try {
    fd = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return null;
    // ELOOP: a link; EISDIR: a folder opened for writing; ENXIO: a FIFO or socket without a reader
    if (code === 'ELOOP' || code === 'EISDIR' || code === 'ENXIO')
      return { problem: 'is not a regular file' };
    throw unreadable(path, error);
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return { problem: 'is not a regular file' };
}

function readOpen(path: string, fd: number, maxBytes: number): ReadResult {
  try {
    const size = fstatSync(fd).size;
    if (size > maxBytes) return { problem: `has ${size} bytes, more than the ${maxBytes} that are accepted` };
    const content = Buffer.allocUnsafe(size);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < size; filled += read) {
      read = readSync(fd, content, filled, size - filled, filled);
    }
    return { content: content.subarray(0, filled) };
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(fd);
  }
}

/** What to do about a file that could not be read, by its reason. */
export function unreadable(path: string, error: unknown): WatchkeeperError {
  const code = systemErrorCode(error) ?? messageOf(error);
  return new WatchkeeperError('file', `${path} could not be read (${code}): ${adviceFor(path, code)}`, {
    cause: error,
  });
}
