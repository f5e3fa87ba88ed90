import { realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { WatchkeeperError } from '../errors.ts';

/**
 * The workspace that `--root` names, absolute; without one the current folder. One spelling for one workspace: what a killed
 * supervisor left running is recognised by it. It need not be there: whoever needs it says so.
 *
 * @throws WatchkeeperError 'usage' for an empty name, and where the current folder is needed and was removed
 */
export function workspaceRoot(given: string | undefined): string {
  if (given === '') {
    throw new WatchkeeperError(
      'usage',
      '--root is empty: name the workspace, or leave it out for the current folder',
    );
  }
  const path = given ?? '.';
  if (!isAbsolute(path) && currentFolder() === null) {
    throw new WatchkeeperError(
      'usage',
      'the current folder was removed: go to one that is there, or name the workspace by its full path (--root /srv/pipeline)',
    );
  }
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** Null where it was removed while this process was in it. */
export function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null; // ENOENT is all that the system ever says here
  }
}
