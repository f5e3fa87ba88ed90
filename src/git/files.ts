import { constants, readFileSync, readlinkSync } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../errors.ts';

/** A file of the workspace with its bytes. */
export interface Content {
  file: string;
  bytes: Buffer;
}

/** Those of `files` that exist as regular files; nothing is followed or waited for (symlinks, FIFOs, devices). */
export async function readRegularFiles(root: string, files: readonly string[]): Promise<Content[]> {
  const found = await Promise.all(
    files.map(async file => {
      const bytes = (await isRealFolder(root, dirname(file))) ? await readRegular(join(root, file)) : null;
      return bytes === null ? [] : [{ file, bytes }];
    }),
  );
  return found.flat();
}

/** A small file's text; null where there is none, or it cannot be read: then what it would say is unknown. */
export function textOf(path: string): string | null {
  return bytesOf(path)?.toString() ?? null;
}

/** The same as it is, for what is not text. */
export function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null; // every caller goes on without it
  }
}

/** What a symbolic link says; null where there is none. */
export function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null; // not there, or no link
  }
}

/** Whether every step from `root` down to `folder` is a real folder, no link. */
async function isRealFolder(root: string, folder: string): Promise<boolean> {
  if (folder === '.') return true;
  const stat = await lstat(join(root, folder)).catch(absent);
  return stat?.isDirectory() === true && isRealFolder(root, dirname(folder));
}

async function readRegular(path: string): Promise<Buffer | null> {
  // O_NONBLOCK: opening a FIFO must not wait for its other end.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch(absent);
  if (handle === null) return null;
  try {
    return (await handle.stat()).isFile() ? await handle.readFile() : null;
  } finally {
    await handle.close();
  }
}

/** Missing, or a link where a file should be; ENXIO: a socket. Anything else is a real failure. */
function absent(error: unknown): null {
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(systemErrorCode(error) ?? '')) return null;
  throw error;
}
