import { lstatSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { addWorktree, removeWorktree, worktreePath } from '../git/worktrees.ts';
import type { ModuleSettings } from '../glossary/settings.ts';
import type { Trials } from '../trials/trials.ts';
import { linkInto } from './links.ts';

/** So many commits are checked out at a time, good and bad among them: a large repository must not fill the disk. */
const MOST_CHECKED_OUT = 12;

export interface CheckoutOptions {
  /** Where the repository lies, and the workspace in it. */
  location: Parameters<typeof addWorktree>[0];
  /** The workspace, absolute. */
  root: string;
  module: ModuleSettings;
  /** A shell command that makes a checked-out commit ready; null: none. */
  prepare: string | null;
  /** What is linked from the workspace, relative to it. */
  links: readonly string[];
  /** So many runs of each commit do not count: files are read for the first time then, and caches filled. */
  warmup: number;
  /** Where the work trees are made. */
  folder: string;
  /** Commits that stay checked out. */
  kept: readonly string[];
  trials: Trials;
  stop: AbortSignal;
  onPrepare(hash: string): void;
}

/** A commit that is checked out and made ready, or in words why it cannot be run. */
export type Checkout = { module: ModuleSettings; data: string } | { problem: string; output: string[] };

/** Commits in work trees of their own, each made ready once; the one that was not asked for the longest makes room for another. */
export class Checkouts {
  readonly #options: CheckoutOptions;
  /** By hash, the one asked for last at the end. */
  readonly #ready = new Map<string, Checkout>();
  #warmups = 0;

  constructor(options: CheckoutOptions) {
    this.#options = options;
  }

  /** How many runs were for warming up. */
  get warmups(): number {
    return this.#warmups;
  }

  /** @throws WatchkeeperError 'file' where it cannot be checked out */
  async at(hash: string): Promise<Checkout> {
    const ready = this.#ready.get(hash) ?? (await this.#make(hash));
    this.#ready.delete(hash);
    this.#ready.set(hash, ready);
    return ready;
  }

  /** Removes all of them. */
  async close(): Promise<void> {
    for (const hash of this.#ready.keys()) await this.#remove(hash);
  }

  async #make(hash: string): Promise<Checkout> {
    await this.#makeRoom();
    const { location, folder, root, module, stop } = this.#options;
    this.#ready.set(hash, { problem: 'not checked out', output: [] }); // so that it is removed, whatever happens
    const top = await addWorktree(location, folder, hash, stop);
    const workspace = join(top, location.prefix);
    const data = join(workspace, 'data');
    const problem = this.#problemOf(workspace, data);
    if (problem !== null) return { problem, output: [] };
    const there: ModuleSettings = { ...module, cwd: join(workspace, relative(root, module.cwd)) };
    const unprepared = await this.#prepared(hash, workspace, there, data);
    if (unprepared === null) await this.#warmUp(there, data);
    return unprepared ?? { module: there, data };
  }

  /**
   * Links what is to be linked, and says what is in the way of a workspace. `data/` is made where it is missing, as in every workspace,
   * and has to be a folder of its own, but where the user links it.
   */
  #problemOf(workspace: string, data: string): string | null {
    const { root, links, location } = this.#options;
    if (!isFolder(workspace)) return `${location.prefix} is not there yet`;
    const linked = links.map(link => linkInto(workspace, root, link)).find(problem => problem !== null);
    if (linked) return linked;
    if (lstatSync(data, { throwIfNoEntry: false }) === undefined) mkdirSync(data);
    return isFolder(data) || links.includes('data') ? null : 'data is no folder there';
  }

  /** Null where it is ready; else why it is not. */
  async #prepared(
    hash: string,
    workspace: string,
    module: ModuleSettings,
    data: string,
  ): Promise<Checkout | null> {
    const { prepare, trials, onPrepare } = this.#options;
    if (prepare === null) return null;
    onPrepare(hash);
    const command = { argv: [prepare], shell: true, cwd: workspace, timeoutMs: null };
    const trial = await trials.run({ ...module, ...command }, { data, iteration: 0, revision: null });
    if (trial === null || trial.run.outcome === 'ok') return null;
    return { problem: `preparing failed: ${trial.run.reason ?? trial.run.outcome}`, output: trial.output };
  }

  /** Whether they succeed is of no interest: the run that counts will show it. */
  async #warmUp(module: ModuleSettings, data: string): Promise<void> {
    for (let count = 0; count < this.#options.warmup; count++) {
      const trial = await this.#options.trials.run(module, { data, iteration: 0, revision: null });
      if (trial === null || trial.run.outcome !== 'ok') return;
      this.#warmups++;
    }
  }

  async #makeRoom(): Promise<void> {
    if (this.#ready.size < MOST_CHECKED_OUT) return;
    const oldest = [...this.#ready.keys()].find(hash => !this.#options.kept.includes(hash));
    if (oldest !== undefined) await this.#remove(oldest);
  }

  async #remove(hash: string): Promise<void> {
    const { location, folder } = this.#options;
    await removeWorktree(location, worktreePath(folder, hash));
    this.#ready.delete(hash);
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
