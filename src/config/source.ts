import { isUtf8 } from 'node:buffer';
import { constants, type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../errors.ts';
import type { Problem } from './problems.ts';

export const FILE_NAME = 'watchkeeper.yaml';

const MAX_BYTES = 1_000_000;

/** The text of the file, or why there is none. */
export type Source = { text: string } | { problem: Problem };

/** Whether two looks have seen the same. */
export function isSameSource(a: Source, b: Source | null): boolean {
  if (b === null) return false;
  if ('text' in a) return 'text' in b && a.text === b.text;
  return 'problem' in b && a.problem.message === b.problem.message && a.problem.line === b.problem.line;
}

/** Reads `watchkeeper.yaml` of a workspace; whatever lies there instead (a pipe, a folder, a huge file) is a problem. */
export function readSource(root: string): Promise<Source> {
  return readSourceFile(join(root, FILE_NAME));
}

/** Like `readSource`, of a file with any name. */
export async function readSourceFile(file: string): Promise<Source> {
  const bytes = await readSourceBytes(file);
  return bytes instanceof Uint8Array ? checkedText(bytes) : bytes;
}

/** The file as it is, or why it cannot be read. */
export async function readSourceBytes(file: string): Promise<Buffer | { problem: Problem }> {
  try {
    return await readAll(file);
  } catch (error) {
    if (error instanceof NotReadable) return failed(error.message);
    const code = systemErrorCode(error);
    if (code === null) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return failed(
        `there is no ${file}: run \`watchkeeper init\` to make one, or name the workspace by --root`,
      );
    return failed(
      `cannot be read (${code}): check its permissions, or run \`watchkeeper init\` in another folder`,
    );
  }
}

class NotReadable extends Error {}

/** All of a regular file. Looked at before it is opened: to open a device can do something. */
async function readAll(file: string): Promise<Buffer> {
  requireFile(await stat(file));
  // Without blocking: between the look and the opening it may have become a pipe that nobody writes to.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    requireFile(stats);
    return await readAtMost(handle, stats.size + 1);
  } finally {
    await handle.close();
  }
}

function requireFile(stats: { isFile(): boolean; size: number }): void {
  if (!stats.isFile()) throw new NotReadable('is not a file: move it away and run `watchkeeper init`');
  if (stats.size > MAX_BYTES) throw new NotReadable('is larger than 1 MB: a configuration is a few kB');
}

/** A file that grows while it is read is cut there: the next look will see the rest. */
async function readAtMost(handle: FileHandle, limit: number): Promise<Buffer> {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await handle.read(buffer, length, limit - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** The text of the bytes, without a byte order mark. */
export function checkedText(bytes: Buffer): Source {
  if (isUtf8(bytes)) return { text: new TextDecoder().decode(bytes) };
  return {
    problem: { path: '', line: firstBadLine(bytes), message: 'is not UTF-8 text: save it as UTF-8' },
  };
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line += 1;
  }
}

function failed(message: string): { problem: Problem } {
  return { problem: { path: '', line: null, message } };
}
