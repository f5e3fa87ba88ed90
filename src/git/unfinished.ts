import { join } from 'node:path';
import { z } from 'zod';
import { readNote, removeNote, writeNote } from './notes.ts';
import type { Location } from './place.ts';
import { privateFolder } from './private-folder.ts';

const entry = z.string().regex(/^\d{6} [0-9a-f]{40,64}$/);
const record = z.record(z.string(), z.object({ from: entry.nullable(), to: entry }));

/**
 * What an unfinished commit does to the user's index, by path: the entry that it found and the one that it puts
 * there. Written before the index changes and removed when index and branch agree again, so that after a kill in
 * between our entries can be told from what the user has staged.
 */
export type Unfinished = z.infer<typeof record>;

/** Null: none, or unreadable; then no entry of the index counts as ours. */
export function readUnfinished(place: Location): Unfinished | null {
  const noted = readNote(pathIn(place), record);
  const isOurs = (path: string): boolean => path.startsWith(place.prefix) && !path.split('/').includes('..');
  return noted !== null && Object.keys(noted).every(isOurs) ? noted : null;
}

/** On disk when it returns: a power cut must not keep the new index and lose this. */
export function writeUnfinished(place: Location, unfinished: Unfinished): void {
  writeNote(pathIn(place), unfinished);
}

export function removeUnfinished(place: Location): void {
  removeNote(pathIn(place));
}

function pathIn(place: Location): string {
  return join(privateFolder(place), 'unfinished.json');
}
