import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What a person can do about a path that the system does not let us use, by the code of its refusal.
 *
 * @example adviceFor('/ws/data/watchkeeper.db', 'EROFS') // 'the disk is read-only: make it writable'
 */
export function adviceFor(path: string, code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full: make room';
  if (code === 'EROFS') return 'the disk is read-only: make it writable';
  if (code === 'ENOTDIR') return `${notFolder(path)} must be a folder: move it away`;
  if (code === 'ENOENT' && !exists(dirname(path))) return `there is no folder ${missingOn(path)}: make it`;
  if (code === 'EACCES' || code === 'EPERM') return permissionAdvice(obstacleOn(path));
  return `check the disk and the permissions of ${dirname(path)}`;
}

/** The first step on the way to a path that this user may not take; the path itself, where the way is free. */
function obstacleOn(path: string): string {
  const steps = stepsTo(path);
  return steps.find(step => isFolder(step) && !mayEnter(step)) ?? steps.findLast(exists) ?? path;
}

function notFolder(path: string): string {
  return stepsTo(dirname(path)).find(step => exists(step) && !isFolder(step)) ?? dirname(path);
}

function missingOn(path: string): string {
  return stepsTo(dirname(path)).find(step => !exists(step)) ?? dirname(path);
}

/** `/a/b` -> `/`, `/a`, `/a/b` */
function stepsTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...stepsTo(parent), path];
}

function permissionAdvice(path: string): string {
  const me = process.geteuid?.() ?? null;
  const owner = ownerOf(path);
  if (me === null || owner === null || owner === me) return `give this user the right to use ${path}`;
  return `${path} belongs to user ${owner}, and this is user ${me}: run it as that user, or give this one the right to use it`;
}

function ownerOf(path: string): number | null {
  try {
    return lstatSync(path).uid;
  } catch {
    return null; // then it does not say
  }
}

function exists(path: string): boolean {
  return ownerOf(path) !== null;
}

function isFolder(path: string): boolean {
  try {
    return !lstatSync(path).isFile();
  } catch {
    return false; // cannot even be looked at: then a step before it is the obstacle
  }
}

function mayEnter(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
