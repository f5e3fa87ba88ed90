import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { openShown, type ShownBy } from './reading.ts';
import { ANOMALIES_FILE } from './store/anomalies.ts';
import { isUnopened } from './store/database-errors.ts';
import { EmptyStore, readStore, STORE_FILE } from './store/open-to-read.ts';
import { PERFORMANCE_FILE } from './store/performance.ts';
import type { Store } from './store/store.ts';

type Project = (data: string) => Store | null;

interface Shown {
  store: Store;
  by: ShownBy;
}

/**
 * What a workspace has to show, for a program that goes on asking for months: another store may stand in its place by then. A supervisor
 * has replaced a damaged one, or made the first one of a clone; somebody has brought a backup back, or newer files from git. Where
 * nothing can be written beside the store, it may have been opened as a file that nobody writes, which somebody does since.
 */
export class ShownStore {
  readonly #data: string;
  /** Null: there was a store that could be read at once. */
  readonly #project: Project | null;
  #shown: Shown;
  #seen: Looks;
  #isClosed = false;

  private constructor(data: string, shown: Shown, seen: Looks, project: Project | null) {
    this.#data = data;
    this.#shown = shown;
    this.#seen = seen;
    this.#project = project;
  }

  /** @throws WatchkeeperError 'store', 'file': as `openToShow` */
  static async open(root: string): Promise<ShownStore> {
    const data = join(root, 'data');
    const seen = looksOf(data);
    const shown = await openShown(root);
    const files = shown.by === 'store' ? null : await import('./store/projected.ts');
    return new ShownStore(data, shown, seen, files?.projectedStore ?? null);
  }

  /** What stands there now; what was given out before is closed where that is another one. @throws WatchkeeperError 'store', 'file' */
  current(): Store {
    const now = looksOf(this.#data);
    const newer = this.#isClosed ? null : this.#newer(now);
    if (newer === null) return this.#shown.store;
    this.#shown.store.close();
    this.#shown = newer;
    this.#seen = now;
    return newer.store;
  }

  close(): void {
    this.#isClosed = true;
    this.#shown.store.close();
  }

  /** A store that is gone is about to be replaced. Files are looked at until there is one that can be read. */
  #newer(now: Looks): Shown | null {
    const { by } = this.#shown;
    const isNew = now[by] !== this.#seen[by];
    const isThere = now.store !== null;
    if (by === 'store') return isNew && isThere ? opened(this.#data, false) : null;
    const first = isThere && (isNew || by === 'files') ? opened(this.#data, true) : null;
    return first ?? (isNew ? this.#projected() : null);
  }

  #projected(): Shown | null {
    const store = this.#project?.(this.#data) ?? null;
    return store === null ? null : { store, by: 'files' };
  }
}

/** Null while a start has not taken its history over yet. @param mayBeOutOfReach null, too, where it cannot be opened */
function opened(data: string, mayBeOutOfReach: boolean): Shown | null {
  let store: Store | null = null;
  try {
    const read = readStore(join(data, STORE_FILE));
    store = read.store;
    if (!store.needsHistory()) return { store, by: read.isOfMoment ? 'moment' : 'store' };
    store.close();
    return null;
  } catch (error) {
    store?.close();
    if (error instanceof EmptyStore || (mayBeOutOfReach && isUnopened(error))) return null;
    throw error;
  }
}

/** How what is shown looks, by what shows it: another text once it has to be opened again; null where it is not there, or out of reach. */
type Looks = Record<ShownBy, string | null>;

function looksOf(data: string): Looks {
  const look = (names: string[]): string => names.map(name => lookOf(data, name)).join(' ');
  return {
    store: lookOf(data, STORE_FILE, false),
    moment: look([STORE_FILE, `${STORE_FILE}-wal`]),
    files: look([PERFORMANCE_FILE, ANOMALIES_FILE]),
  };
}

/** @param withContent another text, too, where something was written to it */
function lookOf(data: string, name: string, withContent = true): string | null {
  const stat = statOf(join(data, name));
  if (stat === null) return null;
  return `${stat.dev}:${stat.ino}${withContent ? `:${stat.size}:${stat.mtimeMs}` : ''}`;
}

/** Null, too, where it is out of reach: why, says whoever opens it. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
