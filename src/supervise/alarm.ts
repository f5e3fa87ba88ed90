import { setTimeout as sleep } from 'node:timers/promises';

/** The loop's one timer, and its pauses. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings once after so many milliseconds; an earlier setting is forgotten. */
  set(ms: number): void {
    this.cancel();
    this.#timer = setTimeout(this.#ring, ms);
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => undefined); // the only rejection is the abort
  }
}
