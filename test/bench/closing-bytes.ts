import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { COMMITTED_FILES } from '../../src/git/own.ts';

/** The three files as they are at one time. */
export type Contents = Map<string, string[]>;

export function readContents(root: string): Contents {
  return new Map(COMMITTED_FILES.map(file => [file, linesOf(join(root, file))]));
}

/** A line of this length is one of a kind: it may move within its file without being new. */
const LONG = 80;

/** Bytes of the lines of a file that were not there before, in that place or (long ones) in any: what has really changed. */
export function changedBytes(file: string, before: Contents, after: Contents): number {
  const old = before.get(file) ?? [];
  const known = new Set(old.filter(line => line.length >= LONG));
  const fresh = (after.get(file) ?? []).filter((line, index) => line !== old[index] && !known.has(line));
  return fresh.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

/** Bytes of all objects of a repository. */
export function repositoryBytes(root: string): number {
  const objects = join(root, '.git', 'objects');
  const files = readdirSync(objects, { withFileTypes: true, recursive: true }).filter(entry =>
    entry.isFile(),
  );
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}
