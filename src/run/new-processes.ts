import { closeSync, openSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { readAgain } from './proc-file.ts';

/** The whole tree is walked at least so often, whatever the numbers say. */
const WALK_MS = 1_000;

/** With more new numbers than these, walking the tree is cheaper than looking at each. */
const MANY = 32;

const buffer = Buffer.allocUnsafe(128);

/**
 * Which process ids may have come to a tree since the last question. The system gives them out in ascending order
 * and says which one was the last (to a process or a thread, on the whole machine or container): usually there is
 * none at all, and that costs one read instead of a walk through all threads of all processes of the tree.
 */
export class NewProcesses {
  readonly #file: number | null = openLoad();
  #newest = 0;
  #newestBefore = 0;
  #walkedAtMs = Number.NEGATIVE_INFINITY;

  /** In ascending order, so that parents come before their children; null: it may be any, walk the tree. */
  since(nowMs: number): number[] | null {
    // Two questions back: a number is given out a moment before its process can be seen.
    const first = this.#newestBefore + 1;
    this.#newestBefore = this.#newest;
    this.#newest = this.#newestPid();
    const count = this.#newest - first + 1;
    if (first > 1 && this.#newest > 0 && count >= 0 && count <= MANY && nowMs - this.#walkedAtMs < WALK_MS) {
      return Array.from({ length: count }, (_, index) => first + index);
    }
    this.#walkedAtMs = nowMs;
    return null;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }

  /** The last word of `/proc/loadavg`; 0 where the system does not say. */
  #newestPid(): number {
    const length = this.#file === null ? 0 : readAgain(this.#file, buffer);
    const text = buffer.toString('latin1', 0, Math.max(0, length));
    return Number.parseInt(text.slice(text.lastIndexOf(' ') + 1), 10) || 0;
  }
}

function openLoad(): number | null {
  try {
    return openSync('/proc/loadavg', 'r');
  } catch (error) {
    if (systemErrorCode(error) === null) throw error;
    return null; // hidden in a container, or no descriptor is free: the tree is walked each time
  }
}
