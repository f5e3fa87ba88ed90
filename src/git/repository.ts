import { messageOf } from '../errors.ts';
import type { GitSettings } from '../glossary/settings.ts';
import { announce, type Block } from './blocked.ts';
import { type Git, type GitIn, withinTime } from './call.ts';
import { type CommitResult, commitFiles } from './commit.ts';
import { type Content, readRegularFiles } from './files.ts';
import { healIndex } from './heal.ts';
import { releaseHeld } from './held-branch.ts';
import { Locator } from './locator.ts';
import type { Memory } from './memory.ts';
import { COMMITTED_FILES } from './own.ts';
import { Packing } from './packing.ts';
import { blockOf, isBlock, type Location } from './place.ts';
import type { CommitPlan } from './plan.ts';
import { removeLeftovers } from './private-folder.ts';
import { Revisions } from './revision.ts';
import { readUnfinished } from './unfinished.ts';
import { checkVersion } from './version.ts';

const TIMEOUT_MS = 10_000;
/** So long a git command of the user may hold the index before our commit is put off. */
const LOCK_PATIENCE_MS = 2_000;

export interface RepositoryOptions {
  settings: GitSettings;
  /** A commit or a revision that takes longer is abandoned; 10 s by default. */
  timeoutMs?: number;
  warn: (message: string) => void;
  info: (message: string) => void;
}

/** What became of a commit. `blocked` and `failed` have been told to the user already, once each time they begin. */
export type CommitOutcome =
  | { kind: 'committed'; sha: string }
  /** The branch has these contents already. */
  | { kind: 'unchanged' }
  /** The user is in the middle of something, or there is nothing to commit to. What was missed can wait. */
  | { kind: 'blocked'; reason: string }
  /** Git failed or took too long. The next iteration tries again. */
  | { kind: 'failed'; reason: string };

/** The git repository around a workspace, which may come, go and change at any time. */
export interface Repository {
  /**
   * Short name of the newest commit that is not the supervisor's own, `+` after it where tracked files outside
   * `data/` and `logs/` differ from HEAD. Null outside git, and where git does not answer.
   */
  revision(): Promise<string | null>;
  /**
   * Commits files of one folder of the workspace (by default the three of `data/`), as they are now; missing ones
   * and what is no regular file are left out. Never rejects. One at a time: a second call waits for the first.
   */
  commit(plan: CommitPlan, files?: readonly string[]): Promise<CommitOutcome>;
  /** Ends what goes on in the background. Never rejects. */
  close(): Promise<void>;
}

/** Does nothing by itself: git is first asked when there is something to ask. */
export function openRepository(root: string, options: RepositoryOptions): Repository {
  return new WorkspaceRepository(root, options);
}

class WorkspaceRepository implements Repository {
  readonly #root: string;
  readonly #options: RepositoryOptions;
  #block: Block | null = null;
  readonly #revisions = new Revisions();
  readonly #locator: Locator;
  readonly #packing: Packing;
  readonly #memory: Memory = { trees: null, index: null };
  #isNewGit = false;
  #isSwept = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(root: string, options: RepositoryOptions) {
    this.#root = root;
    this.#options = options;
    this.#locator = new Locator(root);
    this.#packing = new Packing(options.warn);
  }

  revision(): Promise<string | null> {
    // Git that fails here will fail, and be reported, at the next commit; a run without a revision is no less a run.
    return this.#inTurn(() => this.#within(git => this.#revision(git)).catch(() => null));
  }

  commit(plan: CommitPlan, files: readonly string[] = COMMITTED_FILES): Promise<CommitOutcome> {
    return this.#inTurn(async () => {
      const result = await this.#commit(plan, files);
      if (result.kind === 'unchanged') return this.#tell(null, result);
      if (result.kind === 'blocked') {
        const { kind, reason } = result.block;
        return this.#tell(result.block, { kind: kind === 'failed' ? 'failed' : 'blocked', reason });
      }
      const { sha, target, objects } = result;
      if (target.isCurrent) this.#revisions.committed(target.parent, sha);
      this.#packing.added(target.place, objects);
      return this.#tell(null, { kind: 'committed', sha });
    });
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#packing.close();
  }

  /** Within the time limit; what fails on the strength of a remembered location is done once more from the start. */
  #within<T>(work: (git: GitIn) => Promise<T>): Promise<T> {
    return withinTime(this.#options.timeoutMs ?? TIMEOUT_MS, this.#root, async git => {
      try {
        return await work(git);
      } catch (error) {
        if (!this.#locator.forget()) throw error;
        return await work(git);
      }
    });
  }

  async #commit(plan: CommitPlan, files: readonly string[]): Promise<CommitResult> {
    try {
      const contents = await readRegularFiles(this.#root, files);
      if (contents.length === 0) return { kind: 'unchanged' };
      return await this.#within(git => this.#commitContents(git, plan, contents));
    } catch (error) {
      return { kind: 'blocked', block: { kind: 'failed', reason: messageOf(error) } };
    }
  }

  async #commitContents(git: GitIn, plan: CommitPlan, contents: Content[]): Promise<CommitResult> {
    const tooOld = await this.#versionBlock(git(null));
    if (tooOld !== null) return { kind: 'blocked', block: tooOld };
    const sweptPlace = this.#isSwept ? null : await this.#locator.ask(git(null));
    if (sweptPlace !== null && !isBlock(sweptPlace)) await this.#recover(git, sweptPlace);
    // A lock that was there the last time too is not worth another wait.
    const lockPatienceMs = this.#block?.kind === 'index-locked' ? 0 : LOCK_PATIENCE_MS;
    return commitFiles({
      plan,
      ref: this.#options.settings.ref,
      contents,
      lockPatienceMs,
      gitIn: git,
      place: () => this.#locator.place(git(null)),
      memory: this.#memory,
    });
  }

  async #revision(git: GitIn): Promise<string | null> {
    const location = this.#locator.remembered() ?? (await this.#locator.ask(git(null)));
    if (isBlock(location)) return null;
    await this.#recover(git, location);
    return this.#revisions.current(git(location.top), location);
  }

  /** What a commit left unfinished, perhaps that of an earlier supervisor of this workspace when it was killed. */
  async #recover(git: GitIn, location: Location): Promise<void> {
    if (!this.#isSwept) {
      removeLeftovers(location);
      releaseHeld(location);
    }
    this.#isSwept = true;
    if (readUnfinished(location) === null) return;
    const place = await this.#locator.place(git(null));
    if (!isBlock(place) && blockOf(place) === null) await healIndex(git(place.top), place);
  }

  async #versionBlock(git: Git): Promise<Block | null> {
    const version = this.#isNewGit ? 'new' : await checkVersion(git);
    this.#isNewGit = version === 'new';
    return typeof version === 'string' ? null : version;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => null);
    return result;
  }

  #tell(block: Block | null, outcome: CommitOutcome): CommitOutcome {
    const { warning, info } = announce(this.#block, block);
    this.#block = block;
    if (warning !== null) this.#options.warn(warning);
    if (info !== null) this.#options.info(info);
    return outcome;
  }
}
