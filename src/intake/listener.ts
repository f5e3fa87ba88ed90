import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../errors.ts';
import { Connection } from './connection.ts';
import type { SocketFile } from './socket-file.ts';

export interface ListenerLimits {
  connections: number;
  /** Over all connections, each of which has an equal share. */
  linesPerSecond: number;
  idleMs: number;
}

export interface ListenerOptions {
  file: SocketFile;
  limits: ListenerLimits;
  monotonic(): number;
  /** Takes whole lines; null stands for one that was too long. */
  onLines(lines: (Buffer | null)[]): void;
  /** There were as many connections as there may be. */
  onTurnedAway(): void;
  warn(message: string): void;
}

/** More turns of the event loop an end does not wait for what was sent before it. */
const MOST_TURNS = 100;

/** Keeps the socket where it belongs, and its clients within their bounds. Does not keep the process alive. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #connections = new Set<Connection>();
  #server: Server | null = null;
  #placing: Promise<void> = Promise.resolve();
  #problem: string | null = null;
  /** Grows with all that arrives. */
  #arrived = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /**
   * Listens where it does not yet, or where the socket was removed or replaced; open connections stay, idle ones are closed. Never
   * throws: what is in the way is told once, and the next call tries again.
   */
  tend(): Promise<void> {
    const { idleMs } = this.#options.limits;
    for (const connection of this.#connections) if (connection.idleMs() > idleMs) connection.close();
    this.#placing = this.#placing.then(() => this.#place());
    return this.#placing;
  }

  /** Takes in what was sent before, and closes. */
  async stop(): Promise<void> {
    await this.#placing;
    await this.#drain();
    this.#server?.close();
    this.#server = null;
    for (const connection of this.#connections) connection.close();
    try {
      this.#options.file.remove();
    } catch (error) {
      this.#tell(`cannot be removed: ${messageOf(error)}`);
    }
  }

  async #place(): Promise<void> {
    const { file, warn } = this.#options;
    try {
      if (this.#server !== null && file.isInPlace()) return;
      this.#server?.close();
      this.#server = null;
      const server = createServer(socket => this.#accept(socket)).unref();
      const aside = await file.listen(server);
      server.on('error', error => this.#tell(`cannot take connections: ${messageOf(error)}`));
      this.#server = server;
      this.#problem = null;
      if (aside !== null) warn(`${file.path} was no socket: set aside as ${aside}`);
    } catch (error) {
      this.#tell(`is not there, so that nothing can be reported: ${messageOf(error)}`);
    }
  }

  /** What was sent before the end is in the kernel's hands: two turns of the event loop in which nothing came are the end of it. */
  async #drain(): Promise<void> {
    let quiet = 0;
    for (let turn = 0; turn < MOST_TURNS && quiet < 2; turn += 1) {
      const before = this.#arrived;
      await new Promise(resolve => setImmediate(resolve));
      quiet = this.#arrived === before ? quiet + 1 : 0;
    }
  }

  #accept(socket: Socket): void {
    const { limits, monotonic, onLines, onTurnedAway } = this.#options;
    this.#arrived += 1;
    if (this.#connections.size >= limits.connections) {
      socket.on('error', () => undefined).destroy();
      onTurnedAway();
      return;
    }
    const connection = new Connection({
      socket,
      monotonic,
      allowance: () => limits.linesPerSecond / this.#connections.size,
      onLines: lines => {
        this.#arrived += 1;
        onLines(lines);
      },
      onClosed: () => void this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }

  /** The same again is no news until it has worked in between. */
  #tell(problem: string): void {
    if (problem !== this.#problem) this.#options.warn(`${this.#options.file.path} ${problem}`);
    this.#problem = problem;
  }
}
