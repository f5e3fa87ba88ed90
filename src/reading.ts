import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK } from './clock.ts';
import { processIdentity } from './process-identity.ts';
import { openStore, STORE_FILE } from './store/open.ts';
import type { Owner } from './store/owner.ts';
import type { Store } from './store/store.ts';

/** The store of a workspace, to read; whoever asks closes it. @throws WatchkeeperError 'store' */
export function openToRead(root: string): Store {
  return openStore(join(root, 'data'), { clock: CLOCK, readOnly: true }).store;
}

/** The living supervisor of a workspace; null where none is running on this machine. */
export function supervisorOf(root: string): Owner | null {
  if (!existsSync(join(root, 'data', STORE_FILE))) return null;
  const store = openToRead(root);
  try {
    const owner = store.owner();
    const living = owner === null ? null : processIdentity(owner.pid);
    if (owner === null || living === null || living.bootId !== owner.bootId) return null;
    return String(living.startTime) === String(owner.startTime) ? owner : null;
  } finally {
    store.close();
  }
}
