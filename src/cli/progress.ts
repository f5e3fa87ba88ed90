import type { TextStream } from './terminal.ts';

const FIRST_MS = 1_000;
const TERMINAL_MS = 250;
const LINES_MS = 10_000;

/** Tells how far a long piece of work is: after a second, on one line of a terminal, or else on a line now and then. */
export class Progress {
  readonly #stderr: TextStream;
  readonly #now: () => number;
  #nextMs: number;
  #isShown = false;

  constructor(stderr: TextStream, now: () => number) {
    this.#stderr = stderr;
    this.#now = now;
    this.#nextMs = now() + FIRST_MS;
  }

  /** @param text made only where it is shown */
  at(text: () => string): void {
    const now = this.#now();
    if (now < this.#nextMs) return;
    const isTerminal = this.#stderr.isTTY === true;
    this.#nextMs = now + (isTerminal ? TERMINAL_MS : LINES_MS);
    this.#stderr.write(isTerminal ? `\r\x1b[K${text()}` : `${text()}\n`);
    this.#isShown = isTerminal;
  }

  /** Clears the line of the terminal. */
  end(): void {
    if (this.#isShown) this.#stderr.write('\r\x1b[K');
    this.#isShown = false;
  }
}
