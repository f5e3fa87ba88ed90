import { join } from 'node:path';
import { FILE_NAME } from './config/source.ts';
import { processIdentity } from './process-identity.ts';
import { isUnopened } from './store/database-errors.ts';
import { knownOwner } from './store/known-owner.ts';
import { EmptyStore, readStore, STORE_FILE } from './store/open-to-read.ts';
import type { Owner } from './store/owner.ts';
import { fileKind } from './store/set-aside.ts';
import type { Store } from './store/store.ts';

/**
 * What a workspace has to show; whoever asks closes it. That is its store, and where there is none (a fresh clone), or it
 * cannot be opened because nothing can be written beside it, what `performance.json` and `anomalies.log` say.
 *
 * @throws WatchkeeperError 'store', 'file'
 */
export async function openToShow(root: string): Promise<Store> {
  return (await openShown(root)).store;
}

/** A store, what is shown of it as it was at that moment (see `readStore`), or the files in its place. */
export type ShownBy = 'store' | 'moment' | 'files';

/** The same, and what it is that shows it. @throws WatchkeeperError 'store', 'file' */
export async function openShown(root: string): Promise<{ store: Store; by: ShownBy }> {
  const data = join(root, 'data');
  const path = join(data, STORE_FILE);
  if (fileKind(path) === 'missing')
    return { store: (await projected(data)) ?? nothingYet(data), by: 'files' };
  try {
    const { store, isOfMoment } = readStore(path);
    const files = await filesBefore(store, data);
    if (files !== null) return { store: files, by: 'files' };
    return { store, by: isOfMoment ? 'moment' : 'store' };
  } catch (error) {
    const isEmpty = isUnopened(error) || error instanceof EmptyStore;
    const store = isEmpty ? await projected(data) : null;
    if (store === null) throw error;
    return { store, by: 'files' };
  }
}

/**
 * As `openToShow`; but a workspace in which nothing has run yet is shown as a store without anything in it. A folder that is no
 * workspace still is an error.
 *
 * @throws WatchkeeperError 'store', 'file'
 */
export async function openToShowOrEmpty(root: string): Promise<Store> {
  try {
    return await openToShow(root);
  } catch (error) {
    if (!(error instanceof EmptyStore) || fileKind(join(root, FILE_NAME)) === 'missing') throw error;
    const { emptyStore } = await import('./store/projected.ts');
    return emptyStore();
  }
}

/** A start that was killed before it took the history over: the files still show it. Else null, and the store stays open. */
async function filesBefore(store: Store, data: string): Promise<Store | null> {
  try {
    const files = store.needsHistory() ? await projected(data) : null;
    if (files !== null) store.close();
    return files;
  } catch (error) {
    store.close(); // whoever asked gets none to close
    throw error;
  }
}

async function projected(data: string): Promise<Store | null> {
  const { projectedStore } = await import('./store/projected.ts'); // seldom needed, and takes longer than all the rest
  return projectedStore(data);
}

function nothingYet(data: string): never {
  const why =
    fileKind(join(data, '..', FILE_NAME)) === 'missing'
      ? `, and there is no ${FILE_NAME} beside it: name the workspace by --root, or run \`watchkeeper init\` to make one`
      : ': nothing has run in this workspace yet (`watchkeeper once` runs all modules once)';
  throw new EmptyStore('store', `${data} holds no history${why}`);
}

/** The living supervisor of a workspace; null where none is running on this machine. */
export function supervisorOf(root: string): Owner | null {
  const owner = knownOwner(join(root, 'data'));
  const living = owner === null ? null : processIdentity(owner.pid);
  if (owner === null || living === null || living.bootId !== owner.bootId) return null;
  return String(living.startTime) === String(owner.startTime) ? owner : null;
}
