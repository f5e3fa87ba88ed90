import { closeSync, fchmodSync, openSync, renameSync, rmSync } from 'node:fs';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { adviceFor } from './advice.ts';
import { suspectFile } from './database-errors.ts';
import { fileKind, setAside } from './set-aside.ts';

/** SQLite makes its files readable for all, and its side files like the main one: so the main one is made here. */
export function createPrivate(path: string): void {
  try {
    const fd = openSync(path, 'wx', 0o600);
    fchmodSync(fd, 0o600);
    closeSync(fd);
  } catch (error) {
    const code = systemErrorCode(error) ?? messageOf(error);
    const advice = adviceFor(path, code);
    throw new WatchkeeperError('store', `${path} could not be made (${code}): ${advice}`, { cause: error });
  }
}

/**
 * Sets a store aside together with SQLite's side files, which would damage a fresh store: what is in its log keeps its place
 * beside it, so that both can be read together. Only while no connection to it is open.
 *
 * @returns where the store was moved to
 */
export function setStoreAside(path: string, nowMs: number): string {
  const aside = setAside(path, nowMs);
  for (const side of SIDES) {
    if (fileKind(path + side) !== 'missing') renameSync(path + side, aside + side);
  }
  rmSync(suspectFile(path), { force: true, recursive: true });
  return aside;
}

/** The side files that were set aside with a store, for the user. */
export function sidesNotice(aside: string): string[] {
  const sides = SIDES.map(side => aside + side).filter(side => fileKind(side) !== 'missing');
  return sides.length === 0 ? [] : [`set aside with the store: ${sides.join(', ')}`];
}

/** Sets aside what stands in the place of a side file and is none. @returns messages for the user */
export function clearSides(path: string, nowMs: number): string[] {
  return SIDES.map(side => path + side)
    .filter(side => !['missing', 'regular'].includes(fileKind(side)))
    .map(side => `${side} was no regular file: set aside as ${setAside(side, nowMs)}`);
}

/** Removes a store that was only half made. */
export function removeStore(path: string): void {
  for (const file of [path, ...SIDES.map(side => path + side), suspectFile(path)])
    rmSync(file, { force: true, recursive: true });
}

/** Where a store is made that is to take the place of another. */
export function newStoreFile(path: string): string {
  return `${path}.new`;
}

const SIDES = ['-wal', '-shm', '-journal'];
