import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Block } from './blocked.ts';
import type { Git } from './call.ts';
import { fingerprint, isSettled } from './fingerprint.ts';
import { readHead } from './head.ts';
import { isBlock, type Location, locate, type Place } from './place.ts';

/**
 * File systems tell times in steps, some of seconds: a file that was changed just now may change again and look the same.
 * So what was found is remembered only where all that it depends on has been left alone for so long.
 */
const SETTLED_MS = 2_500;

/** A location, and the files that git found it by: as long as they are the same, git would find it again. */
interface Known {
  location: Location;
  paths: string[];
  seen: string;
}

/**
 * Finds the repository around a workspace, and remembers it: asking git costs three processes, more than a commit needs
 * by itself. What is remembered counts only as long as all that it depends on is unchanged: the folders and git folders
 * on the way, and every file with settings. Otherwise, and whenever that cannot be known, git is asked.
 */
export class Locator {
  readonly #root: string;
  readonly #settledMs: number;
  #known: Known | null = null;

  /** @param root the workspace */
  constructor(root: string, settledMs: number = SETTLED_MS) {
    this.#root = root;
    this.#settledMs = settledMs;
  }

  /** Where the workspace lies, as remembered; null: git has to be asked. */
  remembered(): Location | null {
    if (this.#known !== null && fingerprint(this.#known.paths) !== this.#known.seen) this.#known = null;
    return this.#known?.location ?? null;
  }

  /** Where it lies, and what is checked out. @param git in the workspace */
  async place(git: Git): Promise<Place | Block> {
    const location = this.remembered();
    const head = location === null ? null : readHead(location);
    if (location === null || head === null) return this.ask(git);
    return { ...location, branch: head.branch, head: head.commit };
  }

  /** The same from git itself. */
  async ask(git: Git): Promise<Place | Block> {
    const settledMs = Date.now() - this.#settledMs;
    const place = await locate(git);
    this.#known = isBlock(place) ? null : known(this.#root, place, settledMs);
    return place;
  }

  /** True where something was remembered that may be the reason of a failure. */
  forget(): boolean {
    const wasKnown = this.#known !== null;
    this.#known = null;
    return wasKnown;
  }
}

function known(root: string, location: Location, settledMs: number): Known | null {
  const paths = pathsBehind(root, location);
  if (paths === null) return null;
  const seen = fingerprint(paths);
  return isSettled(paths, settledMs) ? { location, paths, seen } : null;
}

/** All that git looks at to find the repository and its settings; null where that is not the usual way. */
function pathsBehind(root: string, location: Location): string[] | null {
  const { top, prefix, gitDir, commonDir, configuration } = location;
  const link = join(top, '.git');
  if (configuration.sources === null || realFolder(root) !== resolve(top, prefix) || !existsSync(link))
    return null;
  const steps = prefix.split('/').filter(name => name !== '');
  // A repository that is made further down, with or without a `.git`, would be found first.
  const nearer = steps.flatMap((_, index) => {
    const folder = join(top, ...steps.slice(0, index + 1));
    return [folder, ...['.git', 'HEAD', 'objects', 'refs'].map(name => join(folder, name))];
  });
  const own = [
    gitDir,
    join(gitDir, 'commondir'),
    commonDir,
    join(commonDir, 'objects'),
    join(commonDir, 'refs'),
  ];
  return [root, top, link, ...nearer, ...own, ...configuration.sources];
}

function realFolder(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null; // gone, or not to be read
  }
}
