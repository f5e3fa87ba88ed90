import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';

const NEWLINE = 10;
const CHUNK_BYTES = 64 * 2 ** 10;

/**
 * The lines of a file, read piece by piece: never more of it in memory than one piece and one line. Null stands for a
 * line that is none: too long, or not UTF-8. Past `maxBytes` the rest of the file is one such line. A last line
 * without a newline is a line.
 */
export async function* readLines(
  handle: FileHandle,
  limits: { maxBytes: number; maxLineBytes: number },
): AsyncGenerator<string | null> {
  let held: Buffer = Buffer.alloc(0);
  let tooLong = false;
  for await (const piece of pieces(handle, limits.maxBytes)) {
    if (piece === null) return yield null;
    let from = 0;
    for (let to = piece.indexOf(NEWLINE); to >= 0; to = piece.indexOf(NEWLINE, from)) {
      const rest = piece.subarray(from, to);
      const line = held.length === 0 ? rest : joined(held, rest);
      yield tooLong || line.length > limits.maxLineBytes ? null : textOf(line);
      from = to + 1;
      held = Buffer.alloc(0);
      tooLong = false;
    }
    held = joined(held, piece.subarray(from));
    tooLong ||= held.length > limits.maxLineBytes;
    if (tooLong) held = Buffer.alloc(0);
  }
  if (tooLong || held.length > 0) yield tooLong ? null : textOf(held);
}

/** Always a copy: the piece's memory is read into again. */
function joined(held: Buffer, more: Buffer): Buffer {
  return Buffer.concat([held, more]);
}

function textOf(line: Buffer): string | null {
  return isUtf8(line) ? line.toString('utf8') : null;
}

/** The file's bytes in pieces that share their memory; null in place of what comes after `maxBytes`. */
async function* pieces(handle: FileHandle, maxBytes: number): AsyncGenerator<Buffer | null> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    if (position + bytesRead > maxBytes) return yield null;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
