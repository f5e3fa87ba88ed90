import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { WatchkeeperError } from '../errors.ts';
import type { Clock } from '../glossary/clock.ts';
import { behindGate } from './gate.ts';
import {
  decide,
  type Here,
  held,
  holderOf,
  type Identify,
  NOTE,
  readOwnerNote,
  removeOwnerNote,
  UNKNOWN,
  writeOwnerNote,
} from './holder.ts';
import { KeptLock } from './kept-lock.ts';
import { knownOwner } from './known-owner.ts';
import { isFresh, isRefreshed, LOCK_TIMES, type LockTimes, lockPathOf, removeLock } from './lock-file.ts';
import { type OpenedStore, openStore } from './open.ts';
import type { Owner } from './owner.ts';

export interface HoldOptions {
  clock: Clock;
  /** Which process a pid is; null where there is none. */
  identify: Identify;
  /** Of Watchkeeper, for whoever asks who holds the workspace. */
  version: string;
  /** Called once, from a timer, when another supervisor has taken the workspace over: stop. */
  onLost(error: WatchkeeperError): void;
  /** Is told, now and then, how far a work of the start has got that takes longer than a second. */
  progress?(message: string): void;
  host?: string;
  times?: LockTimes;
}

/** A workspace that is ours, with its store open for writing. */
export interface Hold extends OpenedStore {
  owner: Owner;
  /** Gives the workspace back and closes the store. */
  release(): void;
}

/**
 * Takes a workspace for this process, so that no second supervisor works in it:
 *
 * 1. Behind a gate, one start at a time, it is judged whether the recorded owner lives: its process (pid, start time, boot),
 *    and where that cannot tell, whether the lock file is kept fresh. A dead one is taken over at once.
 * 2. The lock file is taken, which other machines can see, and our owner's record goes into the store. From then on the
 *    record is what counts: an owner that was taken over and lives (it had been stopped) is refused its next write.
 *
 * The store is opened in between, because only the holder may set a damaged one aside. The data folder must be there.
 *
 * @throws WatchkeeperError 'held' where another supervisor has it; 'store', 'file'
 */
export async function holdWorkspace(dataFolder: string, options: HoldOptions): Promise<Hold> {
  const start = new Start(dataFolder, options);
  start.refuseEarly();
  const gate = { nowMs: options.clock.now(), tell: (message: string) => start.tell(message) };
  return behindGate(dataFolder, gate, () => start.take());
}

class Start {
  readonly #dataFolder: string;
  readonly #lockPath: string;
  readonly #options: HoldOptions;
  readonly #times: LockTimes;
  readonly #here: Here;
  /** For the user, by way of the store. */
  readonly #notices: string[] = [];

  constructor(dataFolder: string, options: HoldOptions) {
    const { identify, host = hostname(), times = LOCK_TIMES } = options;
    this.#dataFolder = dataFolder;
    this.#lockPath = lockPathOf(dataFolder);
    this.#options = options;
    this.#times = times;
    this.#here = { host, bootId: identify(process.pid)?.bootId ?? UNKNOWN, identify };
  }

  tell(message: string): void {
    this.#notices.push(message);
  }

  /** The usual case, told without a wait at the gate. */
  refuseEarly(): void {
    const owner = readOwnerNote(this.#dataFolder);
    if (this.#decide(owner) === 'held') throw held(owner, this.#lockPath);
  }

  async take(): Promise<Hold> {
    const known = knownOwner(this.#dataFolder);
    await this.#refuseLiving(known);
    const { clock, progress = () => {} } = this.#options;
    const opened = openStore(this.#dataFolder, { clock, notices: this.#notices, progress });
    try {
      const recorded = opened.store.owner();
      if (recorded !== null && recorded.nonce !== known?.nonce) await this.#refuseLiving(recorded);
      return this.#claim(opened, recorded);
    } catch (error) {
      opened.store.close();
      throw error;
    }
  }

  #claim(opened: OpenedStore, before: Owner | null): Hold {
    const { store } = opened;
    const now = this.#options.clock.now();
    const owner = this.#newOwner(now);
    this.#tellAside(this.#lockPath, removeLock(this.#lockPath, now));
    const lock = new KeptLock(this.#dataFolder, store, this.#times, this.#options.onLost);
    if (!lock.take()) throw held(before, this.#lockPath);
    try {
      store.claim(owner, before?.nonce ?? null);
      this.#tellAside(NOTE, writeOwnerNote(this.#dataFolder, owner, now));
    } catch (error) {
      lock.leave(true);
      throw error;
    }
    return { ...opened, owner, release: () => release(this.#dataFolder, opened, owner, lock) };
  }

  #tellAside(what: string, aside: string | null): void {
    if (aside !== null) this.tell(`${what} was not what it should be: set aside as ${aside}`);
  }

  #newOwner(nowMs: number): Owner {
    const { host, bootId, identify } = this.#here;
    const startTime = String(identify(process.pid)?.startTime ?? UNKNOWN);
    const startedAt = new Date(nowMs).toISOString();
    const { version } = this.#options;
    return { pid: process.pid, startTime, bootId, host, nonce: randomUUID(), startedAt, version };
  }

  #decide(owner: Owner | null): 'take' | 'held' | 'watch' {
    const fresh = isFresh(this.#lockPath, this.#options.clock.now(), this.#times);
    return decide(holderOf(owner, this.#here), fresh);
  }

  async #refuseLiving(owner: Owner | null): Promise<void> {
    const decision = this.#decide(owner);
    if (decision === 'take') return;
    const isOver = (): boolean => holderOf(owner, this.#here) === 'dead';
    if (decision === 'watch' && !(await isRefreshed(this.#lockPath, this.#times, isOver))) return;
    throw held(owner, this.#lockPath);
  }
}

/** The lock goes first: killed in between, what is left is the record of a dead owner, which the next start takes over. */
function release(dataFolder: string, { store }: OpenedStore, owner: Owner, lock: KeptLock): void {
  try {
    const ours = lock.isOurs() !== false;
    lock.leave(ours);
    if (!ours) return;
    removeOwnerNote(dataFolder, owner.nonce);
    store.release();
  } finally {
    store.close();
  }
}
