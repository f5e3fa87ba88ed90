import { statSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, matchesGlob, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { systemErrorCode } from '../errors.ts';

const SETTLE_MS = 200;
const RESCAN_MS = 30_000;
const NEVER = new Set(['.git', 'node_modules', 'logs']);

export interface Watched {
  module: string;
  /** Globs relative to the workspace. */
  globs: string[];
}

/**
 * Tells which modules' watched files have changed. The file system's events are only hints to look again, and every 30 s
 * it looks without one: what counts is whether the files that match (their names, sizes and times) are other than last time.
 */
export class Changes {
  readonly #root: string;
  readonly #onChange: (modules: string[]) => boolean;
  #watched: Watched[] = [];
  #seen = new Map<string, string>();
  #watcher: ReturnType<typeof watch> | null = null;
  #rescan: NodeJS.Timeout | null = null;
  #settle: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  /** @param onChange false where nothing could be done about it now: the modules are named again at the next look */
  constructor(root: string, onChange: (modules: string[]) => boolean) {
    this.#root = root;
    this.#onChange = onChange;
  }

  /**
   * Begins to watch; what is there now is the state that later looks are compared with. Where a module was watching by the same
   * globs before the last stop, it is what was seen then: a change in the moment of an edit of the configuration counts.
   */
  async start(watched: Watched[]): Promise<void> {
    const before = new Map(this.#watched.map(({ module, globs }) => [module, globs.join('\n')]));
    this.#watched = watched.filter(({ globs }) => globs.length > 0);
    const same = this.#watched.filter(({ module, globs }) => before.get(module) === globs.join('\n'));
    const seen = same.map(({ module }) => [module, this.#seen.get(module) ?? ''] as const);
    this.#seen = new Map([...(await this.#snapshot()), ...seen]);
    if (this.#watched.length === 0) return;
    const folders = [...new Set(this.#watched.flatMap(({ globs }) => globs.map(staticFolder)))];
    this.#watcher = watch(
      folders.map(folder => join(this.#root, folder)),
      { ignoreInitial: true, followSymlinks: false, ignored: path => this.#isIgnored(path) },
    );
    this.#watcher.on('all', () => this.#hint());
    this.#watcher.on('error', () => this.#hint()); // out of watches, or a folder gone: the rescan goes on without it
    this.#rescan = setInterval(() => this.#hint(), RESCAN_MS);
    await new Promise<void>(resolve => this.#watcher?.once('ready', resolve).once('error', () => resolve()));
    this.#hint(); // what changed before it was ready has no event of its own
  }

  async stop(): Promise<void> {
    if (this.#rescan !== null) clearInterval(this.#rescan);
    if (this.#settle !== null) clearTimeout(this.#settle);
    this.#rescan = null;
    this.#settle = null;
    await this.#watcher?.close();
    this.#watcher = null;
    await this.#looking;
  }

  #hint(): void {
    if (this.#settle !== null || this.#rescan === null) return;
    this.#settle = setTimeout(() => {
      this.#settle = null;
      this.#looking = this.#looking.then(() => this.#look());
    }, SETTLE_MS);
  }

  async #look(): Promise<void> {
    const now = await this.#snapshot();
    const changed = [...now]
      .filter(([module, files]) => files !== this.#seen.get(module))
      .map(([module]) => module);
    if (this.#rescan === null) return;
    if (changed.length === 0 || this.#onChange(changed)) this.#seen = now;
  }

  async #snapshot(): Promise<Map<string, string>> {
    const entries = this.#watched.map(
      async ({ module, globs }) => [module, await this.#files(globs)] as const,
    );
    return new Map(await Promise.all(entries));
  }

  async #files(globs: string[]): Promise<string> {
    const found: string[] = [];
    for await (const file of glob(globs, { cwd: this.#root, exclude: name => NEVER.has(name) })) {
      const state = stateOf(join(this.#root, file));
      if (state !== null) found.push(`${file}\0${state}`);
    }
    return found.sort().join('\n');
  }

  /** Only what can lead to a file that matches is watched: never `data/` whole, because one pattern lies in the folder above. */
  #isIgnored(path: string): boolean {
    const parts = relative(this.#root, path)
      .split(sep)
      .filter(part => part !== '');
    if (parts.some(part => NEVER.has(part))) return true;
    return !this.#watched.some(({ globs }) => globs.some(pattern => leadsTo(parts, pattern.split('/'))));
  }
}

/** Null for what is no file. One that cannot be looked at (a link to itself, a folder that may not be entered) is a state, too. */
function stateOf(path: string): string | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? `${stat.size}\0${stat.mtimeMs}\0${stat.ino}` : null;
  } catch (error) {
    return systemErrorCode(error);
  }
}

/** Whether a path is one that the pattern means, or a folder above such a one. */
function leadsTo(path: string[], pattern: string[]): boolean {
  const [part, ...rest] = path;
  const [wanted, ...others] = pattern.filter(each => each !== '.');
  if (part === undefined || wanted === '**') return true;
  return wanted !== undefined && matchesGlob(part, wanted) && leadsTo(rest, others);
}

/** The deepest folder of a glob that has no pattern in it. */
function staticFolder(pattern: string): string {
  const parts = pattern.split('/').slice(0, -1);
  const magic = parts.findIndex(part => /[*?[\]{}!()]/.test(part));
  return (magic === -1 ? parts : parts.slice(0, magic)).join('/') || '.';
}
