import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type FSWatcher, watch } from 'chokidar';
import type { Settings } from '../glossary/settings.ts';
import { settingsFrom } from './load.ts';
import type { Loaded } from './problems.ts';
import { FILE_NAME, isSameSource, readSource, type Source } from './source.ts';

export interface WatchOptions {
  /** The settings in use: where the file says something else already, that counts as a change. */
  current?: Settings;
  /** Time between two looks without a hint of the file system. Default: 30 s. */
  rescanMs?: number;
  /** So long a new content must stay the same before it counts. Default: 100 ms. */
  settleMs?: number;
}

export interface SettingsWatch {
  /** Resolves when changes are seen from here on; never rejects. */
  ready: Promise<void>;
  /** After it has resolved `onChange` is not called again, and nothing is left open. */
  stop(): Promise<void>;
}

/**
 * Calls back with the checked settings, or their problems, each time the content of `watchkeeper.yaml` has changed. A removed
 * file is a change to problems, and one that comes back is a change too. It does not keep the process alive.
 */
export function watchSettings(
  root: string,
  onChange: (loaded: Loaded) => void,
  options: WatchOptions = {},
): SettingsWatch {
  const watcher = new SettingsWatcher(root, onChange, options);
  return { ready: watcher.start(), stop: () => watcher.stop() };
}

/**
 * The file system's events are only hints to look again: they are lost (a network disk, a folder that is replaced),
 * doubled, or early (an editor that is still writing). What counts is the content, the same in two looks in a row.
 */
class SettingsWatcher {
  readonly #root: string;
  readonly #onChange: (loaded: Loaded) => void;
  readonly #options: WatchOptions;
  /** What was last told, and what the last look saw. */
  #told: Source | null = null;
  #seen: Source | null = null;
  #watcher: FSWatcher | null = null;
  #rescan: NodeJS.Timeout | null = null;
  #settle: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  readonly #quit = Promise.withResolvers<void>();
  #stopped = false;

  constructor(root: string, onChange: (loaded: Loaded) => void, options: WatchOptions) {
    this.#root = root;
    this.#onChange = onChange;
    this.#options = options;
  }

  async start(): Promise<void> {
    // Watch first, then read what is there: a change between the two would be lost the other way round.
    await this.#listen();
    if (this.#stopped) return;
    this.#rescan = setInterval(() => this.#hint(), this.#options.rescanMs ?? 30_000).unref();
    this.#looking = this.#begin();
    await this.#looking;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#quit.resolve();
    if (this.#rescan !== null) clearInterval(this.#rescan);
    if (this.#settle !== null) clearTimeout(this.#settle);
    await this.#watcher?.close();
    await this.#looking;
  }

  async #listen(): Promise<void> {
    const folder = await realpath(this.#root).catch(() => null); // no folder yet: the rescan will see it
    if (folder === null) return;
    const file = join(folder, FILE_NAME);
    const real = await realpath(file).catch(() => file); // what is saved behind a link is no event beside the link
    if (this.#stopped) return;
    const folders = new Set([folder, dirname(real)]);
    const watcher = watch([...folders], {
      depth: 0,
      ignored: path => !folders.has(path) && path !== file && path !== real,
      ignoreInitial: true,
      followSymlinks: false,
      persistent: false,
    });
    this.#watcher = watcher;
    const ready = new Promise<void>(resolve => {
      watcher.on('ready', resolve);
      watcher.on('error', () => resolve()); // out of watches, for one: the rescan goes on without it
      watcher.on('all', () => this.#hint());
    });
    await Promise.race([ready, this.#quit.promise]); // a closed watcher never gets ready
  }

  async #begin(): Promise<void> {
    const source = await readSource(this.#root);
    this.#told = source;
    const { current } = this.#options;
    if (current === undefined) return;
    const loaded = await settingsFrom(this.#root, source);
    const same = loaded.ok && isDeepStrictEqual(loaded.settings, current);
    if (!same && !this.#stopped) this.#onChange(loaded);
  }

  #hint(): void {
    if (this.#settle !== null || this.#stopped) return;
    this.#settle = setTimeout(() => {
      this.#settle = null;
      this.#looking = this.#looking.then(() => this.#look());
    }, this.#options.settleMs ?? 100).unref();
  }

  async #look(): Promise<void> {
    const source = await readSource(this.#root);
    const steady = isSameSource(source, this.#seen);
    this.#seen = source;
    if (isSameSource(source, this.#told)) return;
    if (!steady) return this.#hint();
    this.#told = source;
    const loaded = await settingsFrom(this.#root, source);
    if (!this.#stopped) this.#onChange(loaded);
  }
}
