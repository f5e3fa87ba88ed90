import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseJson } from './json.ts';
import { Problem } from './run.ts';

/** No such file; or the folder that it should be in is a file itself. */
const NOT_THERE = new Set<unknown>(['ENOENT', 'ENOTDIR']);

/** A file in the workspace's data folder: the supervisor names it, a start by hand uses `data` in the current folder. */
export function dataFile(...parts: string[]): string {
  return join(process.env['WATCHKEEPER_DATA_DIR'] || 'data', ...parts);
}

/** The file's text; null where there is no such file. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_THERE.has(error.code)) return null;
    throw error;
  }
}

/**
 * Replaces a file as a whole: a reader sees the old text or the new one, never half of it. Text that is there already
 * is not written again. Not synced to disk: what is written here is computed anew by the next run.
 */
export function replaceFile(file: string, content: string): void {
  if (readIfThere(file) === content) return;
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * The records of a JSON lines file. A last line without its end is one that a crash cut off: it is not read.
 * `check` tells a record from anything else. Throws a Problem with the line and `advice` for a bad one,
 * and for a file that is not there.
 */
export function readJsonLines<T>(file: string, check: (record: unknown) => record is T, advice: string): T[] {
  const content = readIfThere(file);
  if (content === null) throw new Problem(`${file} is not there: ${advice}`);
  const lines = content.split('\n');
  return lines.slice(0, -1).map((line, index) => {
    const record = parseJson(line);
    if (check(record)) return record;
    throw new Problem(`${file}, line ${index + 1} cannot be used: ${advice}`);
  });
}
