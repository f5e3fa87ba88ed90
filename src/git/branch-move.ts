import { setTimeout as sleep } from 'node:timers/promises';
import { firstLine, type Git } from './call.ts';
import type { Conversation } from './converse.ts';
import { GitFailure } from './failure.ts';
import { noteHeld, releaseHeld } from './held-branch.ts';
import type { Location } from './place.ts';

const TRIES = 10;
const PAUSE_MS = 50;

export interface Move {
  ref: string;
  /** What the branch must still be; null: it must not exist. */
  from: string | null;
  to: string;
  /** For the reflog. */
  reason: string;
  place: Location;
}

/**
 * Moves a branch in two steps, so that what has to happen together with it can be done in between: first the branch is
 * locked where it is, then it goes on. The git process that holds the lock gives it up by itself when we are killed,
 * because its input ends. Starts one at once, which takes longer than all the rest.
 */
export class BranchMove {
  readonly #git: Git;
  readonly #move: Move;
  #talk: Conversation | null;

  constructor(git: Git, move: Move) {
    this.#git = git;
    this.#move = move;
    this.#talk = this.#start();
  }

  /** Locks the branch, if it still is where it was; `conflict`: somebody else has moved it. */
  async lock(): Promise<'locked' | 'conflict'> {
    const { ref, from, to } = this.#move;
    const change = from === null ? `create ${ref} ${to}` : `update ${ref} ${to} ${from}`;
    for (let tries = 1; ; tries += 1) {
      this.#talk ??= this.#start();
      noteHeld(this.#move.place, this.#move);
      if (await this.#talk.ask(`start\n${change}\nprepare\n`, 'prepare: ok')) return 'locked';
      const { stderr } = await this.#talk.end();
      this.#talk = null;
      releaseHeld(this.#move.place);
      if ((await this.#now()) !== (from ?? '')) return 'conflict';
      // Still where it was: somebody else may hold its lock, for a moment or, left behind, for ever. Theirs to remove.
      if (tries === TRIES || !/\.lock': File exists/.test(stderr))
        throw new GitFailure(`git could not move ${ref}: ${firstLine(stderr)}`);
      await sleep(PAUSE_MS);
    }
  }

  /** Moves the branch that `lock` has locked. */
  async go(): Promise<void> {
    const isDone = await this.#talk?.ask('commit\n', 'commit: ok');
    const ended = await this.#talk?.end();
    this.#talk = null;
    releaseHeld(this.#move.place);
    if (isDone !== true && (await this.#now()) !== this.#move.to)
      throw new GitFailure(`git could not move ${this.#move.ref}: ${firstLine(ended?.stderr ?? '')}`);
  }

  /** Gives the lock up, if there is one; `lock` may be called again. */
  async unlock(): Promise<void> {
    if (this.#talk === null) return;
    await this.#talk.end();
    this.#talk = null;
    releaseHeld(this.#move.place);
  }

  #start(): Conversation {
    return this.#git.converse(['update-ref', '-m', this.#move.reason, '--stdin']);
  }

  async #now(): Promise<string> {
    return (await this.#git(['rev-parse', '--verify', '--quiet', this.#move.ref])).stdout.trim();
  }
}
