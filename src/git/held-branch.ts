import { lstatSync, rmSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { textOf } from './files.ts';
import { readNote, removeNote, writeNote } from './notes.ts';
import type { Location } from './place.ts';
import { privateFolder } from './private-folder.ts';

/** For so long nobody leaves a lock empty that goes on working. */
const EMPTY_MS = 100;

const heldBranch = z.object({
  ref: z.string().regex(/^refs\/heads\/(?!.*\.\.)/s),
  to: z.string().regex(/^[0-9a-f]{40,64}$/),
});

/** A branch that git holds for us just now, and the commit that it goes to. */
export type HeldBranch = z.infer<typeof heldBranch>;

/**
 * Noted before git locks a branch for us. Git gives the locks up by itself when only we are killed; where both are killed in
 * the same moment (a service manager that ends all, no memory left, a power failure), they would stay, and nobody could
 * commit any more. With the note the next start knows them as ours.
 */
export function noteHeld(place: Location, { ref, to }: HeldBranch): void {
  writeNote(pathIn(place), { ref, to });
}

/** Removes the locks of a git process that held a branch for us and is no more; every other lock is somebody else's and stays. */
export function releaseHeld(place: Location): void {
  const held = readNote(pathIn(place), heldBranch);
  if (held !== null) removeLocks(place, held);
  removeNote(pathIn(place));
}

/**
 * `REF.lock` holds the commit that the branch was to go to: nobody else's does. `HEAD.lock` is empty, because git writes nothing
 * but the reflog of HEAD: it is ours beside that one, and also where the branch has just got there, if it is no younger than that.
 */
function removeLocks(place: Location, { ref, to }: HeldBranch): void {
  const { commonDir, gitDir } = place;
  const branch = join(commonDir, ref);
  const lock = `${branch}.lock`;
  const headLock = join(gitDir, 'HEAD.lock');
  const head = look(headLock);
  const isBefore = commitIn(lock) === to || staysEmpty(lock, look(pathIn(place)));
  const isAfter = look(lock) === undefined && commitIn(branch) === to && isNoYounger(head, look(branch));
  if (head?.size === 0 && (isBefore || isAfter)) rmSync(headLock, { force: true });
  if (isBefore) rmSync(lock, { force: true });
}

/** Git writes into a lock as soon as it has made it: one that is younger than the note and stays empty was ours, killed in between. */
function staysEmpty(lock: string, note: Stats | undefined): boolean {
  const seen = look(lock);
  if (seen?.size !== 0 || note === undefined || seen.mtimeMs < note.mtimeMs) return false;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EMPTY_MS);
  const now = look(lock);
  return now?.ino === seen.ino && now.size === 0;
}

function isNoYounger(head: Stats | undefined, branch: Stats | undefined): boolean {
  return head !== undefined && branch !== undefined && head.mtimeMs <= branch.ctimeMs;
}

function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Null where that is not to be known: then the file is not ours to remove. */
function commitIn(path: string): string | null {
  return textOf(path)?.trim() ?? null;
}

function pathIn(place: Location): string {
  return join(privateFolder(place), 'held-branch');
}
