import type { Readable } from 'node:stream';
import { messageOf } from '../errors.ts';
import type { OutputSink } from '../glossary/child.ts';
import type { Outputs } from './started.ts';
import { settles } from './waiting.ts';

/** How long the pipes may stay silent, after all processes have ended, until we stop listening. */
const SILENCE_MS = 200;

export interface OutputPump {
  /**
   * Call when no process of the tree is left: reads what is still in the pipes, and tells the sink that it was all. Does
   * not wait for their end alone: a stranger may hold a pipe open, to whom a process of the tree has handed it.
   */
  finish(): Promise<void>;
}

/**
 * Hands a child's output over to its sink as it comes. Where the sink is behind, the pipe is not read until it has caught
 * up; the child then waits in its own `write`. A sink that fails gets nothing more, and the child is not held up by it.
 */
export function pumpOutput(
  outputs: Promise<Outputs | null>,
  sink: OutputSink,
  warn: (message: string) => void,
): OutputPump {
  const pump = new Pump(sink, warn);
  const read = outputs.then(
    found => found && Promise.all([pump.read(found.stdout, 'stdout'), pump.read(found.stderr, 'stderr')]),
  );
  return {
    async finish() {
      const found = await outputs;
      while (!(await settles(read, SILENCE_MS)) && pump.isBusy()) {
        // something has come, or the sink still takes what came: listen on
      }
      found?.stdout.destroy();
      found?.stderr.destroy();
      await read;
      await pump.end();
    },
  };
}

class Pump {
  readonly #sink: OutputSink;
  readonly #warn: (message: string) => void;
  #failed = false;
  #chunks = 0;
  #chunksSeen = 0;
  #waiting = 0;

  constructor(sink: OutputSink, warn: (message: string) => void) {
    this.#sink = sink;
    this.#warn = warn;
  }

  /** Whether anything has happened since it was asked last. */
  isBusy(): boolean {
    const busy = this.#waiting > 0 || this.#chunks > this.#chunksSeen;
    this.#chunksSeen = this.#chunks;
    return busy;
  }

  async read(stream: Readable, source: 'stdout' | 'stderr'): Promise<void> {
    try {
      for await (const chunk of stream) await this.#take(chunk as Uint8Array, source);
    } catch {
      // the pipe was closed by `finish`, or broke: its other end is gone, which the child's end tells anyway
    }
  }

  async #take(chunk: Uint8Array, source: 'stdout' | 'stderr'): Promise<void> {
    this.#chunks++;
    if (this.#failed) return;
    try {
      if (this.#sink.write(chunk, source)) return;
      this.#waiting++;
      await this.#sink.drained().finally(() => this.#waiting--);
    } catch (error) {
      this.#fail(error);
    }
  }

  async end(): Promise<void> {
    try {
      await this.#sink.end();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#failed) this.#warn(`output is lost from here on: ${messageOf(error)}`);
    this.#failed = true;
  }
}
