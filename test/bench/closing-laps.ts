import { readFileSync } from 'node:fs';
import type { PublisherParts } from '../../src/publish.ts';

/** What closing an iteration does, in its order. */
export const STEPS = ['store', 'performance.json', 'anomalies.log', 'status.json', 'git commit'] as const;
export type Step = (typeof STEPS)[number];

export interface Lap {
  ms: number;
  /** What this process has handed to the system to write, wherever it went. */
  writtenBytes: number;
}

/**
 * Tells the steps of a real publisher apart by what each of them asks for first, so that what is measured is the product
 * and no copy of it. Where a step no longer begins so, `take` says it.
 */
export class Laps {
  readonly #laps = new Map<Step, Lap>();
  #current: { step: Step; written: number; beganMs: number } | null = null;

  /** Ends the step before, and begins this one. */
  begin(step: Step): void {
    if (this.#current?.step === step) return;
    this.#end();
    this.#current = { step, written: writtenBytes(), beganMs: performance.now() };
  }

  /** Ends the last step, and gives all of them. @throws Error where one was never begun */
  take(): Record<Step, Lap> {
    this.#end();
    const missing = STEPS.filter(step => !this.#laps.has(step));
    if (missing.length > 0) throw new Error(`closing no longer begins as expected: ${missing.join(', ')}`);
    const laps = Object.fromEntries(this.#laps) as Record<Step, Lap>;
    this.#laps.clear();
    return laps;
  }

  /** A publisher's parts, with a look at the clock where a step begins. */
  inside(parts: PublisherParts): PublisherParts {
    const { performance: file, store } = parts;
    const write = file.write.bind(file);
    file.write = (...given) => {
      this.begin('performance.json');
      return write(...given);
    };
    const fact: typeof store.fact = key => {
      this.begin(key === 'committed' ? 'git commit' : 'anomalies.log');
      return store.fact(key);
    };
    const restartCount: typeof store.restartCount = () => {
      this.begin('status.json');
      return store.restartCount();
    };
    return { ...parts, store: { ...store, fact, restartCount } };
  }

  #end(): void {
    const endedMs = performance.now();
    if (this.#current === null) return;
    const { step, beganMs, written } = this.#current;
    this.#laps.set(step, { ms: endedMs - beganMs, writtenBytes: writtenBytes() - written });
    this.#current = null;
  }
}

function writtenBytes(): number {
  return Number(/^wchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1]);
}
