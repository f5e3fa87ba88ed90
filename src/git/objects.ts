import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** How a repository names its objects: its object format. */
export type ObjectFormat = 'sha1' | 'sha256';

/** An object of git's, with the name that git gives it. */
export interface GitObject {
  type: ObjectType;
  body: Buffer;
  oid: string;
}

export type ObjectType = 'commit' | 'tree' | 'blob';

export function gitObject(format: ObjectFormat, type: ObjectType, body: Buffer): GitObject {
  const hash = createHash(format).update(`${type} ${body.length}\0`).update(body);
  return { type, body, oid: hash.digest('hex') };
}

const TYPE_NUMBERS: Record<ObjectType, number> = { commit: 1, tree: 2, blob: 3 };

/**
 * The objects as a pack stream (git's gitformat-pack(5), version 2, nothing deltified): what one
 * `git unpack-objects` takes in at once, where plumbing commands would need a process for each object. In pieces: a log of years is large,
 * and is not to be in memory more often than it must.
 */
export function packOf(format: ObjectFormat, objects: readonly GitObject[]): Buffer[] {
  const header = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1');
  header.writeUInt32BE(objects.length, 8);
  const entries = objects.flatMap(({ type, body }) => [
    entryHeader(TYPE_NUMBERS[type], body.length),
    stored(body),
  ]);
  const content = [header, ...entries];
  const hash = createHash(format);
  for (const piece of content) hash.update(piece);
  return [...content, hash.digest()];
}

/** As a zlib stream that compresses nothing: git does it anew when it unpacks. In one chunk: zlib copies where there are several. */
function stored(body: Buffer): Buffer {
  return deflateSync(body, { level: 0, chunkSize: body.length + Math.ceil(body.length / 1024) + 1024 });
}

/** Type (3 bits) and size, the lowest 4 bits of it in the first byte and 7 in each further one; 0x80: one more follows. */
function entryHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 0x0f)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}
