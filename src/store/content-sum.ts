import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type FileData, piecesOf } from './atomic.ts';

/*
 * CRC-32, enough to know the same content again, and no protection against anybody. Cost: O(bytes), some 1 ms for a megabyte in
 * small pieces.
 */

const CHUNK_BYTES = 64 * 2 ** 10;

/** Data that are summed up as they are written. */
export class Summed {
  sum = 0;
  readonly #data: FileData;

  constructor(data: FileData) {
    this.#data = data;
  }

  *pieces(): Iterable<string | Uint8Array> {
    for (const piece of piecesOf(this.#data)) {
      this.sum = crc32(piece, this.sum);
      yield piece;
    }
  }
}

/** Of all that stands in an open file, from where it is read next. */
export function sumOfFile(fd: number): number {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let sum = 0;
  for (let bytes = readSync(fd, buffer); bytes > 0; bytes = readSync(fd, buffer)) {
    sum = crc32(buffer.subarray(0, bytes), sum);
  }
  return sum;
}
