import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openShown } from './reading.ts';
import { ANOMALIES_FILE } from './store/anomalies.ts';
import { isUnopened } from './store/database-errors.ts';
import { EmptyStore, openToRead, STORE_FILE } from './store/open-to-read.ts';
import { PERFORMANCE_FILE } from './store/performance.ts';
import type { Store } from './store/store.ts';

type Project = (data: string) => Store | null;

/**
 * What a workspace has to show, for a program that goes on asking for months: another store may stand in its place by then. A supervisor
 * has replaced a damaged one, or made the first one of a clone; somebody has brought a backup back, or newer files from git.
 */
export class ShownStore {
  readonly #data: string;
  /** Files are projected until there is a store that can be read; null: there was one at once. */
  #projectedStore: Project | null;
  #store: Store;
  #seen: Looks;
  #isClosed = false;

  private constructor(data: string, store: Store, seen: Looks, projectedStore: Project | null) {
    this.#data = data;
    this.#store = store;
    this.#seen = seen;
    this.#projectedStore = projectedStore;
  }

  /** @throws WatchkeeperError 'store', 'file': as `openToShow` */
  static async open(root: string): Promise<ShownStore> {
    const data = join(root, 'data');
    const seen = looksOf(data);
    const { store, isOfFiles } = await openShown(root);
    const files = isOfFiles ? await import('./store/projected.ts') : null;
    return new ShownStore(data, store, seen, files?.projectedStore ?? null);
  }

  /** What stands there now; what was given out before is closed where that is another one. @throws WatchkeeperError 'store', 'file' */
  current(): Store {
    if (this.#isClosed) return this.#store;
    if (this.#projectedStore === null) this.#followStore();
    else this.#followFiles(this.#projectedStore);
    return this.#store;
  }

  close(): void {
    this.#isClosed = true;
    this.#store.close();
  }

  /** One that is gone is about to be replaced. */
  #followStore(): void {
    const store = lookOf(this.#data, STORE_FILE);
    const newer = store === null || store === this.#seen.store ? null : opened(this.#data, false);
    if (newer !== null) this.#turnTo(newer, { ...this.#seen, store });
  }

  #followFiles(projectedStore: Project): void {
    const now = looksOf(this.#data);
    const store = now.store === null ? null : opened(this.#data, true);
    const newer = store ?? (now.files === this.#seen.files ? null : projectedStore(this.#data));
    if (newer !== null) this.#turnTo(newer, now);
    if (store !== null) this.#projectedStore = null;
  }

  #turnTo(newer: Store, now: Looks): void {
    this.#store.close();
    this.#store = newer;
    this.#seen = now;
  }
}

/** Null while a start has not taken its history over yet. @param mayBeOutOfReach null, too, where it cannot be opened */
function opened(data: string, mayBeOutOfReach: boolean): Store | null {
  let store: Store | null = null;
  try {
    store = openToRead(join(data, STORE_FILE));
    if (!store.needsHistory()) return store;
    store.close();
    return null;
  } catch (error) {
    store?.close();
    if (error instanceof EmptyStore || (mayBeOutOfReach && isUnopened(error))) return null;
    throw error;
  }
}

/** How the files of a workspace look; each is another text once another file stands in its place. */
interface Looks {
  /** Null: there is none. */
  store: string | null;
  files: string;
}

function looksOf(data: string): Looks {
  const files = [PERFORMANCE_FILE, ANOMALIES_FILE].map(name => lookOf(data, name, true)).join(' ');
  return { store: lookOf(data, STORE_FILE), files };
}

/** @param withContent another text, too, where something was written to it */
function lookOf(data: string, name: string, withContent = false): string | null {
  const stat = statSync(join(data, name), { throwIfNoEntry: false });
  if (stat === undefined) return null;
  return `${stat.dev}:${stat.ino}${withContent ? `:${stat.size}:${stat.mtimeMs}` : ''}`;
}
