import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/**
 * Reading `/proc`: many tiny files, many times a second, so with as few system calls and as little garbage as can be.
 * Reads are synchronous on purpose: the kernel makes the text up while it is read, which takes microseconds, whereas
 * going through the thread pool costs ten times as much.
 */
const shared = Buffer.allocUnsafe(64 * 1024);

/** The whole text of a file in `/proc`; null where it is gone or may not be read. */
export function readProcFile(path: string): string | null {
  try {
    const fd = openSync(path, 'r');
    try {
      return readAll(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    return null; // the process has ended, or is not ours to look at: to the caller both mean "nothing there"
  }
}

function readAll(fd: number): string {
  let text = '';
  for (;;) {
    const length = readSync(fd, shared, 0, shared.length, null);
    if (length === 0) return text;
    text += shared.toString('latin1', 0, length);
  }
}

/**
 * Reads an open file of `/proc` again from its beginning, into a buffer that the next read reuses; its length, or -1
 * where the process has ended. An open file stays with its process: it never shows another one of the same number.
 */
export function readAgain(fd: number, into: Buffer): number {
  try {
    return readSync(fd, into, 0, into.length, 0);
  } catch {
    return -1;
  }
}

/** Numbers of the entries of a folder in `/proc` that are numbers: processes or threads. */
export function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
