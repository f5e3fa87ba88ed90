import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { syncFolder, writeNewFile } from '../durable.ts';
import { parsedJson } from '../json.ts';
import { textOf } from './files.ts';

/**
 * The small notes in our own corner of the git folder: what the next start has to know after a kill or a power failure.
 * They are JSON. Each is replaced as a whole, so that a reader finds the old one or the new one; whatever else stands
 * there counts as none.
 */

/** What is noted there; null where nothing is, or nothing of this shape. */
export function readNote<T>(path: string, schema: z.ZodType<T>): T | null {
  return schema.safeParse(parsedJson(textOf(path) ?? '')).data ?? null;
}

/** Notes a value, of mode 0600, on disk when this returns; makes the folder where it is missing. Throws the system's errors. */
export function writeNote(path: string, value: unknown): void {
  replaceText(path, JSON.stringify(value));
}

/** The same for a file that is not JSON. */
export function replaceText(path: string, text: string): void {
  const temporary = `${path}.new`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(temporary, { force: true }); // a killed supervisor's; there is only one at a time
  try {
    writeNewFile(temporary, [text]);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Forgets it. Not certain to survive a power failure: every reader checks what it finds against the repository. */
export function removeNote(path: string): void {
  rmSync(path, { force: true });
}
