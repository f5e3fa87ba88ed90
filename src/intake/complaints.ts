/** Between two words about the same thing. */
const PAUSE_MS = 60_000;

/** Counts what goes wrong again and again, and tells it: the first time at once, from then on at most once a minute. */
export class Complaints {
  readonly #tell: (count: number, last: string) => void;
  readonly #monotonic: () => number;
  #count = 0;
  #last = '';
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(monotonic: () => number, tell: (count: number, last: string) => void) {
    this.#monotonic = monotonic;
    this.#tell = tell;
  }

  note(what: string): void {
    this.#count += 1;
    this.#last = what;
    this.remind();
  }

  /** Tells what has come together, where it is time. */
  remind(): void {
    if (this.#monotonic() - this.#toldMs >= PAUSE_MS) this.flush();
  }

  /** Tells it now. */
  flush(): void {
    if (this.#count === 0) return;
    const count = this.#count;
    this.#count = 0;
    this.#toldMs = this.#monotonic();
    this.#tell(count, this.#last);
  }
}
