import { closeSync, fchmodSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { adviceFor } from './advice.ts';
import { writeFileAtomic } from './atomic.ts';
import { suspectFile } from './database-errors.ts';
import { readRegularFile } from './read-file.ts';
import { asideName, fileKind, setAside } from './set-aside.ts';

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
 * beside it, so that both can be read together. Only while no connection to it is open. Where it goes is noted first: where this
 * process is killed before what it holds was taken over, the next start does that (see `untakenStore`).
 *
 * @returns where the store was moved to
 */
export function setStoreAside(path: string, nowMs: number): string {
  const aside = asideName(path, nowMs);
  writeFileAtomic(untakenFile(path), `${basename(aside)}\n`, nowMs);
  renameSync(path, aside);
  moveSides(path, aside);
  rmSync(suspectFile(path), { force: true, recursive: true });
  return aside;
}

/** A start that was killed while it set a store aside has left side files where a fresh store would lose them. */
export function finishSetAside(path: string): void {
  const aside = untakenStore(path);
  if (aside !== null && fileKind(path) === 'missing') moveSides(path, aside);
}

/** The store that was set aside last: one that has no history yet is to take over what it holds. Null where there is none. */
export function untakenStore(path: string): string | null {
  const read = readRegularFile(untakenFile(path), 1_000);
  if (read === null || 'problem' in read) return null;
  const name = read.content.toString('utf8').trim();
  if (name !== basename(name) || !name.startsWith(`${basename(path)}.damaged-`)) return null;
  const aside = join(dirname(path), name);
  return fileKind(aside) === 'regular' ? aside : null;
}

/** What the store that was set aside holds is taken over. */
export function forgetUntaken(path: string): void {
  rmSync(untakenFile(path), { force: true, recursive: true });
}

function untakenFile(path: string): string {
  return `${path}.untaken`;
}

function moveSides(path: string, aside: string): void {
  for (const side of SIDES) {
    if (fileKind(path + side) !== 'missing') renameSync(path + side, aside + side);
  }
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
