import { fstatSync, writeSync } from 'node:fs';
import { EXIT, messageOf, systemErrorCode } from '../errors.ts';
import type { TextStream } from './terminal.ts';

/**
 * Standard output, with nothing lost in silence: what could not be written is told on standard error, once, and an exit code
 * of 0 becomes 4. The work goes on: a full disk under the output of `run` is no reason to stop supervising, and a reader that
 * went away (`run | head`) is nothing at all.
 */
export function standardOutput({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): TextStream {
  let lost = false;
  let gone = false;
  const onError = (error: unknown): void => {
    gone ||= systemErrorCode(error) === 'EPIPE';
    if (lost || gone) return;
    lost = true;
    stderr.write(`watchkeeper: the output could not be written, it is not complete: ${messageOf(error)}\n`);
  };
  stdout.on('error', onError);
  stderr.on('error', () => undefined); // nobody is left to tell
  // A pipe tells of a failed write only after the command has ended.
  process.once('exit', code => {
    if (lost && code === EXIT.done) process.exitCode = EXIT.storage;
  });
  if (!isFile(stdout.fd)) return Object.defineProperty(stdout, 'isGone', { get: () => gone });
  return {
    isTTY: false,
    write(text: string | Uint8Array) {
      try {
        writeAll(stdout.fd, typeof text === 'string' ? Buffer.from(text) : text);
      } catch (error) {
        onError(error);
      }
    },
  };
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false; // closed: writing will say so
  }
}

/** Node's own stream takes a write that was cut off, by a disk that has just become full, for a whole one. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
