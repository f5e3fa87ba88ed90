import { closeSync, constants, fdatasyncSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { writeAll } from '../durable.ts';
import { unwritable, writeFileAtomic } from './atomic.ts';
import { openRegular } from './read-file.ts';
import { setAside } from './set-aside.ts';
import type { Store } from './store.ts';

export const ANOMALIES_FILE = 'anomalies.log';

/** Lines that are taken from the store at a time: bounds the memory. */
const PAGE = 500;

/** Under this name the store remembers how far the log has got. */
export const POSITION = 'anomaliesLog';

type EventSource = Pick<Store, 'linesAfter' | 'fact' | 'setFact'>;

/** How far the file has got, and how it looked then: a file that still looks so has not been touched. */
interface Position {
  seq: number;
  offset: number;
  look: string;
}

/** Where to go on: after the event `seq`, of which (and of some before it) the bytes `rest` are still to be written. */
interface Progress {
  seq: number;
  offset: number;
  rest: Buffer;
}

/**
 * `anomalies.log`, a projection: the events of the store, one on a line, in their order. Appends what is missing; after a
 * crash a torn last line is completed, nothing is doubled. Whatever else the file has become (edited, cut off, replaced,
 * a link) is set aside, and the file is written anew from the store.
 *
 * @returns messages for the user: what was set aside or written anew, and why
 * @throws WatchkeeperError 'file' or 'store'; the next call catches up
 */
export function syncAnomaliesLog(store: EventSource, dataFolder: string, nowMs: number): string[] {
  const path = join(dataFolder, ANOMALIES_FILE);
  const known = store.fact(POSITION) as Position | null;
  const fd = openRegular(path, constants.O_RDWR | constants.O_APPEND);
  if (fd === null) return rebuild(store, path, known === null ? null : 'was missing', nowMs);
  if (typeof fd === 'object') return rebuild(store, path, fd.problem, nowMs);
  try {
    const progress = progressOf(store, fd, known);
    if (typeof progress !== 'string') {
      append(store, path, fd, progress, known);
      return [];
    }
    const aside = setAside(path, nowMs);
    return [`${ANOMALIES_FILE} ${progress}: set aside as ${aside}`, ...rebuild(store, path, null, nowMs)];
  } finally {
    closeSync(fd);
  }
}

/** Whether it is as it was last written; true where it was not written yet. */
export function isLogAsLeft(store: Pick<Store, 'fact'>, dataFolder: string): boolean {
  const known = store.fact(POSITION) as Position | null;
  if (known === null) return true;
  const fd = openRegular(join(dataFolder, ANOMALIES_FILE), constants.O_RDONLY);
  if (typeof fd !== 'number') return false;
  try {
    return lookOf(fd) === known.look;
  } finally {
    closeSync(fd);
  }
}

/** How far the file agrees with the store; or in words, why it does not. */
function progressOf(store: EventSource, fd: number, known: Position | null): Progress | string {
  if (known !== null && known.look === lookOf(fd)) return { ...known, rest: Buffer.alloc(0) };
  const size = fstatSync(fd).size;
  let seq = 0;
  let offset = 0;
  for (const page of pagesAfter(store, 0)) {
    const there = readAt(fd, offset, page.bytes.length);
    if (!page.bytes.subarray(0, there.length).equals(there)) return 'differs from the store';
    seq = page.seq;
    offset += there.length;
    if (there.length < page.bytes.length) return { seq, offset, rest: page.bytes.subarray(there.length) };
  }
  return size > offset ? 'holds lines that are not from the store' : { seq, offset, rest: Buffer.alloc(0) };
}

function append(
  store: EventSource,
  path: string,
  fd: number,
  progress: Progress,
  known: Position | null,
): void {
  let { seq, offset } = progress;
  try {
    offset += writeAll(fd, progress.rest);
    for (const page of pagesAfter(store, seq)) {
      offset += writeAll(fd, page.bytes);
      seq = page.seq;
    }
    if (offset > (known?.offset ?? 0)) fdatasyncSync(fd);
  } catch (error) {
    throw unwritable(path, error);
  }
  remember(store, known, { seq, offset, look: lookOf(fd) });
}

/** @param reason why, for the user; null where nothing is to be said */
function rebuild(store: EventSource, path: string, reason: string | null, nowMs: number): string[] {
  const end = { seq: 0, offset: 0 };
  const aside = writeFileAtomic(path, followed(pagesAfter(store, 0), end), nowMs);
  const fd = openRegular(path, constants.O_RDONLY);
  if (typeof fd === 'number') {
    remember(store, null, { ...end, look: lookOf(fd) });
    closeSync(fd);
  }
  const where = aside === null ? '' : `, set aside as ${aside}`;
  return reason === null ? [] : [`${ANOMALIES_FILE} ${reason}${where}: written anew from the store`];
}

function* followed(pages: Iterable<Page>, end: { seq: number; offset: number }): Iterable<Buffer> {
  for (const { seq, bytes } of pages) {
    end.seq = seq;
    end.offset += bytes.length;
    yield bytes;
  }
}

interface Page {
  /** Of its last event. */
  seq: number;
  bytes: Buffer;
}

function* pagesAfter(store: EventSource, seq: number): Iterable<Page> {
  for (let after = seq; ; ) {
    const rows = store.linesAfter(after, PAGE);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
    yield { seq: after, bytes: Buffer.from(rows.map(({ line }) => `${line}\n`).join('')) };
  }
}

/** Only bookkeeping: lost in a power failure, it is found out again by comparing. */
function remember(store: EventSource, known: Position | null, position: Position): void {
  if (known?.look !== position.look || known.seq !== position.seq)
    store.setFact(POSITION, position, 'process');
}

function lookOf(fd: number): string {
  const { dev, ino, size, mtimeNs } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < length; filled += read) {
    read = readSync(fd, bytes, filled, length - filled, offset + filled);
  }
  return bytes.subarray(0, filled);
}
