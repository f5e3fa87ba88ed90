import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { WatchkeeperError } from '../errors.ts';

/** So many bytes the kernel takes as the path of a socket. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;
const OPEN_FILES = '/proc/self/fd';

/** Whether a path can be bound and connected to as it is. */
export function fitsSocket(path: string): boolean {
  return Buffer.byteLength(path) <= LONGEST_PATH;
}

/**
 * Acts on a socket by a path that the kernel takes, whatever the length of its own: where that is too long, through its folder, held
 * open meanwhile.
 *
 * @throws WatchkeeperError 'file' where it is too long and the system has no such way; the system's error where its folder cannot be opened
 */
export async function withShortPath<T>(path: string, act: (short: string) => Promise<T>): Promise<T> {
  if (fitsSocket(path)) return act(path);
  if (!existsSync(OPEN_FILES)) throw tooLong(path);
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await act(`${OPEN_FILES}/${folder}/${basename(path)}`);
  } finally {
    closeSync(folder);
  }
}

function tooLong(path: string): WatchkeeperError {
  return new WatchkeeperError(
    'file',
    `${path} has more than ${LONGEST_PATH} bytes, and no socket can have that path here: ` +
      'put the workspace where its path is shorter, or set `intake: { socket: false }`',
  );
}
