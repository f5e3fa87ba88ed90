import type { Socket } from 'node:net';
import { Lines } from './lines.ts';

/** The time over which what a client sends is limited. */
const WINDOW_MS = 1_000;
/** A line costs one, and so do so many bytes. */
const BYTES_PER_LINE = 256;

export interface ConnectionOptions {
  socket: Socket;
  monotonic(): number;
  /** How much this connection may cost in a second; asked for anew each time. */
  allowance(): number;
  /** Takes whole lines; null stands for one that was too long. */
  onLines(lines: (Buffer | null)[]): void;
  onClosed(): void;
}

/**
 * One client. One that sends more than its share waits until the second is over: nothing more of it is read, so that the kernel makes
 * it wait. Nothing is ever written to it.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #lines = new Lines();
  #spent = 0;
  #windowMs: number;
  #lastLineMs: number;
  #pause: NodeJS.Timeout | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#windowMs = options.monotonic();
    this.#lastLineMs = this.#windowMs;
    const { socket } = options;
    socket.unref();
    socket.on('data', piece => this.#take(piece));
    socket.on('end', () => this.#hand(this.#lines.end()));
    socket.on('error', () => undefined); // it closes after that
    socket.on('close', () => {
      if (this.#pause !== null) clearTimeout(this.#pause);
      options.onClosed();
    });
  }

  /** Since its last whole line: a client that sends single bytes is idle as well. */
  idleMs(): number {
    return this.#pause === null ? this.#options.monotonic() - this.#lastLineMs : 0;
  }

  close(): void {
    this.#options.socket.destroy();
  }

  #take(piece: Buffer): void {
    const lines = this.#lines.push(piece);
    this.#hand(lines);
    this.#charge(Math.max(lines.length, piece.length / BYTES_PER_LINE));
  }

  #hand(lines: (Buffer | null)[]): void {
    if (lines.length === 0) return;
    this.#lastLineMs = this.#options.monotonic();
    this.#options.onLines(lines);
  }

  #charge(cost: number): void {
    const { socket, monotonic, allowance } = this.#options;
    const now = monotonic();
    if (now - this.#windowMs >= WINDOW_MS) [this.#windowMs, this.#spent] = [now, 0];
    this.#spent += cost;
    if (this.#spent < allowance() || this.#pause !== null) return;
    socket.pause();
    this.#pause = setTimeout(() => this.#resume(), this.#windowMs + WINDOW_MS - now).unref();
  }

  #resume(): void {
    this.#pause = null;
    this.#options.socket.resume();
  }
}
