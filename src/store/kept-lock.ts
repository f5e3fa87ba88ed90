import { WatchkeeperError } from '../errors.ts';
import { type LockTimes, leaveLock, takeLock } from './lock-file.ts';
import type { OwnerRecords } from './owner.ts';

/**
 * The lock file while we hold the workspace. It can vanish although nobody has taken it from us: removed by hand, or by
 * a supervisor that we had taken over, at its exit. So when it is lost, the owner's record decides: still ours, and the
 * lock is taken again; another's, and that is reported. Never throws from a timer.
 */
export class KeptLock {
  readonly #dataFolder: string;
  readonly #store: Pick<OwnerRecords, 'isOurs'>;
  readonly #times: LockTimes;
  readonly #onTakenOver: (error: WatchkeeperError) => void;
  #retry: NodeJS.Timeout | null = null;
  #left = false;

  constructor(
    dataFolder: string,
    store: Pick<OwnerRecords, 'isOurs'>,
    times: LockTimes,
    onTakenOver: (error: WatchkeeperError) => void,
  ) {
    this.#dataFolder = dataFolder;
    this.#store = store;
    this.#times = times;
    this.#onTakenOver = onTakenOver;
  }

  /** @returns false where somebody else has the lock */
  take(): boolean {
    return takeLock(this.#dataFolder, this.#times, () => this.#lost());
  }

  /** Stops keeping it fresh, and removes it, unless it is by now another's. */
  leave(ours: boolean): void {
    this.#left = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    leaveLock(this.#dataFolder, ours);
  }

  #lost(): void {
    if (this.#left) return;
    const ours = this.isOurs();
    if (ours === false) this.#onTakenOver(takenOver());
    else if (ours === null || !this.#takeAgain()) this.#retryLater();
  }

  /** Whether the workspace is still ours; null where the store cannot be asked just now. */
  isOurs(): boolean | null {
    try {
      return this.#store.isOurs();
    } catch {
      return null; // whoever writes next meets the same error, and reports it
    }
  }

  #takeAgain(): boolean {
    try {
      return this.take();
    } catch {
      return false; // a full or failing disk: tried again, and the owner's record protects us meanwhile
    }
  }

  #retryLater(): void {
    this.#retry = setTimeout(() => this.#lost(), this.#times.update);
    this.#retry.unref();
  }
}

function takenOver(): WatchkeeperError {
  return new WatchkeeperError(
    'fenced',
    'this workspace is not ours any more, because another supervisor has taken it over or its folder was moved: this one writes nothing more and stops',
  );
}
