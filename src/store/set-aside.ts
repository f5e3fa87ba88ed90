import { randomBytes } from 'node:crypto';
import { copyFileSync, lstatSync, renameSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { unreadable } from './read-file.ts';

/** What is found at a path, without following a link and without opening anything. Whoever asks may meet a WatchkeeperError 'file'. */
export type FileKind = 'missing' | 'regular' | 'folder' | 'link' | 'special';

export function fileKind(path: string): FileKind {
  const stat = look(path);
  if (stat === undefined) return 'missing';
  if (stat.isFile()) return 'regular';
  if (stat.isDirectory()) return 'folder';
  return stat.isSymbolicLink() ? 'link' : 'special';
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Moves whatever stands at `path` to `<path>.damaged-<time>` beside it, so that a good file can take its place and a
 * person can still look at the bad one. Nothing is opened or followed; a link is moved as a link.
 *
 * @returns the new path
 * @throws WatchkeeperError 'file' where the folder does not let us
 */
export function setAside(path: string, nowMs: number): string {
  return beside(path, nowMs, renameSync);
}

/** Keeps a copy of a regular file that is about to be replaced: like `setAside`, but the file stays where it is too. */
export function keepCopy(path: string, nowMs: number): string {
  return beside(path, nowMs, copyFileSync);
}

function beside(path: string, nowMs: number, act: (from: string, to: string) => void): string {
  const target = asideName(path, nowMs);
  try {
    act(path, target);
  } catch (error) {
    throw new WatchkeeperError(
      'file',
      `${path} is damaged and could not be set aside (${systemErrorCode(error) ?? messageOf(error)}): ` +
        `move it away by hand, or give this user the right to write in ${dirname(path)}`,
      { cause: error },
    );
  }
  return target;
}

/**
 * The name that what stood at a path gets when it is set aside. `rename` would replace what has the name already: a second damage
 * in the same millisecond gets a name of its own.
 */
export function asideName(path: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '');
  const plain = join(dirname(path), `${basename(path)}.damaged-${time}`);
  return fileKind(plain) === 'missing' ? plain : `${plain}-${randomBytes(3).toString('hex')}`;
}
