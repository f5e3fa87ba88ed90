import { WatchkeeperError } from '../errors.ts';
import type { Clock } from '../types.ts';
import { readOwnerNote } from './holder.ts';
import { openStore } from './open.ts';
import type { Owner } from './owner.ts';

/**
 * Who holds the workspace, or held it when it was killed: by the note beside the store, and where that is missing by the
 * store. Changes nothing.
 *
 * @returns null where neither says so
 * @throws WatchkeeperError 'file' where the note may be good but cannot be read
 */
export function knownOwner(dataFolder: string, clock: Clock): Owner | null {
  return readOwnerNote(dataFolder) ?? recordedOwner(dataFolder, clock);
}

function recordedOwner(dataFolder: string, clock: Clock): Owner | null {
  try {
    const { store } = openStore(dataFolder, { clock, readOnly: true });
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
