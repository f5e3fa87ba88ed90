import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What the second thread is told: whom to watch, or null for nobody. */
export interface Watch {
  name: string;
  limitMs: number;
}

/** Shared with the thread: how many signs of life there were. */
const signs = new Int32Array(new SharedArrayBuffer(4));

const thread = new Worker(new URL('./watchdog-thread.ts', import.meta.url), {
  workerData: signs,
  execArgv: [],
});
await once(thread, 'message'); // it is there, and what it has opened will not look like a leak of the first test
thread.unref();

/**
 * Ends this process, and says why, when there is no sign of life for so long. No timer of this thread could: it is this one
 * that computes for ever.
 */
export function watchOver(name: string, limitMs: number): { alive(): void; end(): void } {
  thread.postMessage({ name, limitMs } satisfies Watch);
  return {
    alive: () => void Atomics.add(signs, 0, 1),
    end: () => thread.postMessage(null),
  };
}
