import type { OutputSink } from '../glossary/child.ts';
import { withoutHidden } from './hidden.ts';

/** So much of the newest output is held. */
const MOST_BYTES = 16_384;

/** The end of a run's output, for the message that says why it failed. */
export interface Tail {
  sink: OutputSink;
  /** The last lines that are not empty, secrets replaced. A line whose beginning is gone is left out. */
  lines(most: number): string[];
}

/**
 * Takes any amount of output and holds only its end.
 *
 * @param hidden texts that are shown as `***`: see hidden.ts
 */
export function outputTail(hidden: readonly string[]): Tail {
  let held = Buffer.alloc(0);
  let isCut = false;
  return {
    sink: {
      write(chunk) {
        const all = Buffer.concat([held, chunk.subarray(-MOST_BYTES)]);
        isCut ||= held.length + chunk.length > MOST_BYTES;
        held = all.subarray(-MOST_BYTES);
        return true;
      },
      drained: async () => {},
      end: async () => {},
    },
    lines(most) {
      const lines = held.toString('utf8').split(/\r?\n/);
      return withoutHidden(lines.slice(isCut ? 1 : 0).join('\n'), hidden)
        .split('\n')
        .filter(line => line.trim() !== '')
        .slice(-most);
    },
  };
}
