/** A change of one file's data that no fsync has followed yet. */
export type Change =
  | { index: number; kind: 'write'; offset: number; data: Buffer }
  | { index: number; kind: 'resize'; size: number };

/** What becomes of one change in a power failure; a write may be torn: only the bytes from `from` to `to` arrive. */
export type Fate = 'kept' | 'lost' | { from: number; to: number };

/** What becomes of one file's data: the fate of each of its changes, and whether its size got to the disk all the same. */
export interface DataFate {
  fates: Fate[];
  /** What stands where the size has arrived and the data has not; null: the size has not arrived either. */
  tail: 'zeros' | 'noise' | null;
}

/** One file's data: what is safe, and what is not yet. */
export interface FileData {
  /** Shared memory has no content of its own that would survive. */
  shared: boolean;
  durable: Buffer;
  /** Says which changes `durable` holds. */
  version: string;
  pending: Change[];
}

/** The fate of data that is all there. */
export const ALL = null;
const SHARED_BYTES = 32_768;

/** The data of a file after a fate; null: all of it has arrived. */
export function contentOf({ durable, pending, shared }: FileData, fate: DataFate | null): Buffer {
  if (shared) return filler(SHARED_BYTES, 'noise');
  if (pending.length === 0) return durable;
  const sizes = pending.map(change =>
    change.kind === 'resize' ? change.size : change.offset + change.data.length,
  );
  const content = Buffer.alloc(Math.max(durable.length, ...sizes));
  let size = durable.copy(content);
  pending.forEach((change, index) => {
    size = applied(content, size, change, fate === null ? 'kept' : (fate.fates[index] ?? 'lost'));
  });
  const full = pending.reduce(sizeAfter, durable.length);
  if (fate === null || fate.tail === null || full <= size) return content.subarray(0, size);
  return Buffer.concat([content.subarray(0, size), filler(full - size, fate.tail)]);
}

/** @returns the size of the file after it */
function applied(content: Buffer, size: number, change: Change, fate: Fate): number {
  if (fate === 'lost') return size;
  if (change.kind === 'resize') {
    content.fill(0, Math.min(size, change.size));
    return change.size;
  }
  const { from, to } = fate === 'kept' ? { from: 0, to: change.data.length } : fate;
  change.data.copy(content, change.offset + from, from, to);
  return Math.max(size, change.offset + to);
}

function sizeAfter(size: number, change: Change): number {
  return change.kind === 'resize' ? change.size : Math.max(size, change.offset + change.data.length);
}

function filler(length: number, tail: 'zeros' | 'noise'): Buffer {
  const bytes = Buffer.alloc(length);
  // What stood on the disk before; any bytes will do.
  if (tail === 'noise')
    for (let index = 0; index < length; index += 1) bytes[index] = (index * 167 + 41) & 0xff;
  return bytes;
}

/** Where all changes have arrived it is the number of the last one, whether by an fsync or by luck. */
export function versionOf({ version, pending }: FileData, fate: DataFate | null): string {
  const base = version.slice(0, version.indexOf('@') + 1);
  const isWhole = fate === null || fate.fates.every(each => each === 'kept');
  if (isWhole) return pending.length === 0 ? version : `${base}${pending.at(-1)?.index}`;
  const kept = pending.flatMap(({ index }, place) => {
    const each = fate.fates[place] ?? 'lost';
    return each === 'lost' ? [] : [each === 'kept' ? `${index}` : `${index}[${each.from},${each.to}]`];
  });
  const size = pending.reduce(sizeAfter, 0);
  return `${version}+${kept.join('+')}${fate.tail === null ? '' : `/${fate.tail}${size}`}`;
}
