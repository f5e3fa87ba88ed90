import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, deflateSync } from 'node:zlib';

const compressed = promisify(deflate);

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
 * `git unpack-objects` takes in at once, where plumbing commands would need a process for each object. In pieces.
 */
export async function packOf(format: ObjectFormat, objects: readonly GitObject[]): Promise<Buffer[]> {
  const header = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1');
  header.writeUInt32BE(objects.length, 8);
  const content: Buffer[] = [header];
  for (const { type, body } of objects)
    content.push(entryHeader(TYPE_NUMBERS[type], body.length), await zlibStream(body));
  const hash = createHash(format);
  for (const piece of content) hash.update(piece);
  return [...content, hash.digest()];
}

const LARGE = 1_000_000;

/**
 * Git compresses it anew when it unpacks, so what is small is stored as it is. What is large, a log of years, would then be in memory
 * three times: it is made a tenth of that, in a thread of its own.
 */
async function zlibStream(body: Buffer): Promise<Buffer> {
  return body.length < LARGE ? deflateSync(body, { level: 0 }) : await compressed(body, { level: 1 });
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
