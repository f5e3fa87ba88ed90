import { messageOf, WatchkeeperError } from './errors.ts';
import type { Clock } from './glossary/clock.ts';
import type { Settings } from './glossary/settings.ts';
import type { Store } from './store/store.ts';

/** What is new goes into the roll-ups this often. */
const EVERY_MS = 60_000;

/** Between two slices of one turn the loop has its time. */
const PAUSE_MS = 50;

/**
 * So many at the end: a short life records more than a slice takes in, and must not leave ever more to the next one. Below 0.5 s; in the
 * middle of a flood of samples below 3 s.
 */
const LAST_SLICES = 10;

export interface UpkeepParts {
  store: Pick<Store, 'keepHouse' | 'notices'>;
  clock: Clock;
  settings(): Pick<Settings, 'keepMs' | 'samplesMs' | 'historyRuns'>;
  warn(message: string): void;
}

/**
 * The store's housekeeping beside the loop, a slice at a time: roll-ups of what is new, removal of what is too old. What fails
 * is told once, until it works again; nothing depends on when it is done.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #timer: NodeJS.Timeout | null = null;
  #isFailing = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#next(PAUSE_MS);
  }

  /** With last slices, so that what a short life has recorded is in the roll-ups, and what is too old by it is removed. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (let slices = 1; this.#slice() && slices < LAST_SLICES; slices += 1);
  }

  #next(delayMs: number): void {
    this.#timer = setTimeout(() => this.#next(this.#slice() ? PAUSE_MS : EVERY_MS), delayMs).unref();
  }

  #slice(): boolean {
    const { store, clock, settings, warn } = this.#parts;
    const { keepMs, samplesMs, historyRuns } = settings();
    try {
      const isMore = store.keepHouse({ keepMs, samplesMs, leastRuns: historyRuns }, clock.now());
      this.#isFailing = false;
      for (const notice of store.notices()) warn(notice);
      return isMore;
    } catch (error) {
      const isOver = error instanceof WatchkeeperError && error.permanent; // the workspace is somebody else's
      if (!this.#isFailing && !isOver)
        warn(`the roll-ups could not be written, and are tried again: ${messageOf(error)}`);
      this.#isFailing = true;
      return false;
    }
  }
}
