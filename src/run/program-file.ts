import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { StartSpec } from './started.ts';

/** Where a command has no PATH, the system looks here. */
const SYSTEM_PATH = '/bin:/usr/bin';

/** The program as the command names it. */
export const program = (spec: StartSpec): string => spec.argv[0] ?? '';

/** The file that a command means, as the system looks for it: the first executable one, else the first one. */
export function file(spec: StartSpec): string | null {
  const name = program(spec);
  if (name.includes('/')) return exists(inCwd(spec, name)) ? inCwd(spec, name) : null;
  const candidates = pathFolders(spec)
    .map(folder => resolve(spec.cwd, folder, name))
    .filter(exists);
  return candidates.find(isExecutable) ?? candidates.find(path => !isFolder(path)) ?? candidates[0] ?? null;
}

/**
 * A file in the words of a message. The folders of PATH that the supervisor has itself may be named; any other comes from
 * the command's `env`, whose values are secrets.
 */
export function nameOf(spec: StartSpec, path: string): string {
  if (program(spec).includes('/') || ownFolders().has(dirname(path))) return path;
  return `${program(spec)}, found in a folder of PATH,`;
}

/** Where a program without a path was looked for, in words, by the same rule. */
export function searchedFolders(spec: StartSpec): string {
  const own = ownFolders();
  const folders = [...new Set(pathFolders(spec).map(folder => resolve(spec.cwd, folder)))];
  const named = folders.filter(folder => own.has(folder));
  const others = folders.length - named.length;
  return [...named, ...(others === 0 ? [] : [`${others} folder(s) of its own PATH`])].join(', ');
}

const pathFolders = (spec: StartSpec): string[] => (spec.env['PATH'] ?? SYSTEM_PATH).split(':');

function ownFolders(): Set<string> {
  const given = [dirname(process.execPath), SYSTEM_PATH, process.env['PATH'] ?? ''].join(':').split(':');
  return new Set(given.filter(folder => folder.startsWith('/')).map(folder => resolve(folder)));
}

/** A path as the command would understand it. */
export const inCwd = (spec: StartSpec, path: string): string => resolve(spec.cwd, path);

export const exists = (path: string): boolean => statOf(path) !== null;

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null; // there is none for us: missing, or out of reach
  }
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return !isFolder(path);
  } catch {
    return false;
  }
}

/** What stands after `#!`, without its arguments; null where the file does not begin so or cannot be read. */
export function interpreterOf(path: string): string | null {
  const match = /^#![ \t]*([^\s]+)/.exec(firstBytes(path));
  return match?.[1] ?? null;
}

function firstBytes(path: string): string {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK); // it may be a FIFO
    try {
      const bytes = Buffer.alloc(256);
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** Whether there is a folder. */
export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() === true;
}
