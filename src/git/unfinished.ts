import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
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

export function readUnfinished(place: Location): Unfinished | null {
  try {
    const parsed = record.safeParse(JSON.parse(readFileSync(pathIn(place), 'utf8')));
    const isOurs = (path: string): boolean =>
      path.startsWith(place.prefix) && !path.split('/').includes('..');
    return parsed.success && Object.keys(parsed.data).every(isOurs) ? parsed.data : null;
  } catch {
    return null; // none, or unreadable: then no entry of the index counts as ours
  }
}

/** On disk when it returns: a power cut must not keep the new index and lose this. */
export function writeUnfinished(place: Location, unfinished: Unfinished): void {
  mkdirSync(privateFolder(place), { recursive: true, mode: 0o700 });
  const temporary = `${pathIn(place)}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(file, JSON.stringify(unfinished));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, pathIn(place));
}

export function removeUnfinished(place: Location): void {
  rmSync(pathIn(place), { force: true });
}

function pathIn(place: Location): string {
  return join(privateFolder(place), 'unfinished.json');
}
