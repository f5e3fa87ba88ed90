import { join } from 'node:path';
import { WatchkeeperError } from '../errors.ts';
import { readOwnerNote } from './holder.ts';
import { openToRead, STORE_FILE } from './open-to-read.ts';
import type { Owner } from './owner.ts';

/**
 * Who holds the workspace, or held it when it was killed: by the note beside the store, and where that is missing by the
 * store. Changes nothing.
 *
 * @returns null where neither says so
 * @throws WatchkeeperError 'file' where the note may be good but cannot be read
 */
export function knownOwner(dataFolder: string): Owner | null {
  return readOwnerNote(dataFolder) ?? recordedOwner(dataFolder);
}

function recordedOwner(dataFolder: string): Owner | null {
  try {
    const store = openToRead(join(dataFolder, STORE_FILE));
    try {
      return store.owner();
    } finally {
      store.close();
    }
  } catch (error) {
    // Missing or damaged: then it does not say. Opened for writing it is dealt with.
    if (error instanceof WatchkeeperError && error.code === 'store') return null;
    throw error;
  }
}
