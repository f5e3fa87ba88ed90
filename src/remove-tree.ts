import { chmodSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes a folder with all that is in it, also where a program has taken the right to write from folders below, as Go does with its
 * module cache. Follows no link.
 *
 * @throws the system's error, where something in it belongs to another user
 */
export function removeTree(folder: string): void {
  try {
    remove(folder);
  } catch (error) {
    if (!lstatSync(folder).isDirectory()) throw error;
    makeWritable(folder);
    remove(folder);
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function makeWritable(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
}
