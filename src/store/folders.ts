import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { syncFolder } from '../durable.ts';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { adviceFor } from './advice.ts';
import { writeFileAtomic } from './atomic.ts';
import { fileKind, setAside } from './set-aside.ts';

/** Of `data/` only what a person reads goes into git: never the store, its lock, or what was set aside. */
const DATA_IGNORE = '*\n!performance.json\n!status.json\n!anomalies.log\n';
const LOGS_IGNORE = '*\n';

/**
 * Makes `data/` and `logs/` of a workspace (0700, whatever the umask) and their `.gitignore`, each only where it is missing.
 *
 * @throws WatchkeeperError 'file' where one cannot be made, is no folder, or `data/` is a link
 */
export function prepareFolders(root: string): { data: string; logs: string } {
  const data = join(root, 'data');
  const logs = join(root, 'logs');
  refuseLink(root, data);
  makeFolder(data);
  makeFolder(logs);
  ignore(data, DATA_IGNORE);
  // Logs on another disk are fine, but what lies there is not ours to mark.
  if (isInside(root, logs)) ignore(logs, LOGS_IGNORE);
  return { data, logs };
}

/** Git commits nothing that is behind a link, and behind one that leads out we would write into somebody else's folder. */
function refuseLink(root: string, data: string): void {
  if (fileKind(data) !== 'link') return;
  const where = isInside(root, data) ? 'to another folder' : 'that leads out of the workspace';
  throw new WatchkeeperError(
    'file',
    `${data} is a link ${where}, and git commits nothing behind a link: replace it by a folder ` +
      `(\`rm ${data}\`, then move the files to it), or put the whole workspace where there is room`,
  );
}

/**
 * Makes a folder of ours inside `data/`. What is there and is no folder (a link too: what we sweep behind it would be somebody
 * else's) is set aside.
 *
 * @returns where it was set aside to; null where there was nothing in the way
 * @throws WatchkeeperError 'file'
 */
export function ensureFolder(folder: string, nowMs: number): string | null {
  try {
    const kind = fileKind(folder);
    if (kind === 'folder') return null;
    const aside = kind === 'missing' ? null : setAside(folder, nowMs);
    makeFolder(folder);
    return aside;
  } catch (error) {
    throw error instanceof WatchkeeperError ? error : unusable(folder, error);
  }
}

function isInside(root: string, folder: string): boolean {
  try {
    return realpathSync(folder).startsWith(realpathSync(root) + sep);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false; // a link to nothing
    throw unusable(folder, error);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    chmodSync(folder, 0o700);
    syncName(folder);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw unusable(folder, error);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    throw new WatchkeeperError('file', `${folder} is in the way: it must be a folder; move it away`);
  }
}

/** Without that a power failure may take the folder with all that is in it. */
function syncName(folder: string): void {
  try {
    syncFolder(dirname(folder));
  } catch (error) {
    if (systemErrorCode(error) !== 'EACCES') throw error; // a folder above that may not be read: no reason not to start
  }
}

function ignore(folder: string, text: string): void {
  const path = join(folder, '.gitignore');
  if (fileKind(path) === 'missing') writeFileAtomic(path, text, Date.now());
}

function unusable(folder: string, error: unknown): WatchkeeperError {
  const code = systemErrorCode(error) ?? messageOf(error);
  return new WatchkeeperError('file', `${folder} cannot be used (${code}): ${adviceFor(folder, code)}`, {
    cause: error,
  });
}
