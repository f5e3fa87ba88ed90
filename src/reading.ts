import { join } from 'node:path';
import { CLOCK } from './clock.ts';
import { processIdentity } from './process-identity.ts';
import { knownOwner } from './store/known-owner.ts';
import { openStore } from './store/open.ts';
import type { Owner } from './store/owner.ts';
import type { Store } from './store/store.ts';

/** The store of a workspace, to read; whoever asks closes it. @throws WatchkeeperError 'store' */
export function openToRead(root: string): Store {
  return openStore(join(root, 'data'), { clock: CLOCK, readOnly: true }).store;
}

/** The living supervisor of a workspace; null where none is running on this machine. */
export function supervisorOf(root: string): Owner | null {
  const owner = knownOwner(join(root, 'data'), CLOCK);
  const living = owner === null ? null : processIdentity(owner.pid);
  if (owner === null || living === null || living.bootId !== owner.bootId) return null;
  return String(living.startTime) === String(owner.startTime) ? owner : null;
}
