import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemErrorCode } from '../errors.ts';
import { withShortPath } from './short-path.ts';

/** A supervisor that is alive takes a line within milliseconds. */
const PATIENCE_MS = 10_000;
/** Between the tries where too many others are connected: a second and a half in all. */
const PAUSES_MS = [10, 20, 50, 100, 200, 400, 800];
/** What a client sees that is turned away: nothing of its line was read then. */
const TURNED_AWAY = ['EPIPE', 'ECONNRESET'];

interface Delivery {
  line: string;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The lines of this program for one socket, each on a connection of its own and one after the other: so it takes up one of the few
 * connections at a time, however many reports it makes at once. Where a line is not taken, those behind it would not be either: they
 * fail with it, unsent, and nobody waits for each of them by itself.
 */
export class Deliveries {
  readonly #path: string;
  readonly #waiting: Delivery[] = [];
  #underWay = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when the line was taken; rejects with the system's error. */
  deliver(line: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ line, resolve, reject });
    if (!this.#underWay) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#underWay = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#tried(next.line);
        next.resolve();
      } catch (error) {
        for (const each of [next, ...this.#waiting.splice(0)]) each.reject(error);
      }
    }
    this.#underWay = false;
  }

  async #tried(line: string): Promise<void> {
    const tried = (): Promise<void> => withShortPath(this.#path, short => send(short, line));
    for (const pauseMs of PAUSES_MS) {
      try {
        return await tried();
      } catch (error) {
        if (!TURNED_AWAY.includes(systemErrorCode(error) ?? '')) throw error;
      }
      await sleep(pauseMs);
    }
    return tried();
  }
}

function send(path: string, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => resolve()); // after an error that means nothing any more
    socket.resume().end(line);
  });
}
