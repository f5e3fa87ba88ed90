import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, lstatSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { isObject, parsedJson } from '../json.ts';
import { type FileData, writeFileAtomic } from './atomic.ts';
import { Summed, sumOfFile } from './content-sum.ts';
import { KnownVersions } from './known-versions.ts';
import { openRegular } from './read-file.ts';
import type { Store } from './store.ts';

/** Up to this size a file is read whole to see whether it is good; of a larger one, only its ends. */
const SMALL_BYTES = 1e6;

/** What is larger is not gone through: nothing of ours is so large, and what takes its place may have no end. One second. */
const MOST_BYTES = 2 ** 28;

/**
 * A JSON file that is replaced as a whole, again and again. What stands in its place and is not what was left there is set aside:
 * damaged (cut off, other bytes, a link), or edited by somebody. An older version of ours is neither: git brings it back when another
 * branch is checked out; nor is the newest in another file, which git makes on the way there and back. As long as the file is as
 * it was left, it is not even read.
 */
export class ReplacedFile {
  readonly #path: string;
  readonly #isGood: (value: Record<string, unknown>) => boolean;
  readonly #versions: KnownVersions;
  #left: string | null = null;

  /**
   * @param isGood whether a value is what is written here
   * @param facts where the versions that were written are remembered
   */
  constructor(
    path: string,
    isGood: (value: Record<string, unknown>) => boolean,
    facts: Pick<Store, 'fact' | 'setFact'>,
  ) {
    this.#path = path;
    this.#isGood = isGood;
    this.#versions = new KnownVersions(facts, basename(path));
  }

  /**
   * @param nowMs for the name of what is set aside
   * @returns messages for the user: what was set aside
   * @throws WatchkeeperError 'file': the old file is then untouched; 'store', 'fenced', 'lost' where the store says nothing of older
   *   versions, or is not ours any more
   */
  write(data: FileData, nowMs: number): string[] {
    let found: Found = 'damaged';
    const summed = new Summed(data);
    const aside = writeFileAtomic(this.#path, summed.pieces(), nowMs, path => {
      if (lookOf(path) === this.#left) return true;
      found = look(path, this.#isGood);
      return found === 'good' && this.#isOurs(path);
    });
    this.#left = lookOf(this.#path);
    this.#versions.add(summed.sum);
    if (aside === null) return [];
    const name = basename(this.#path);
    return found === 'damaged'
      ? [`${name} was damaged, or no regular file: set aside as ${aside}`]
      : [`${name} was changed by somebody else: kept as ${aside}, and made anew from the store`];
  }

  /** Whether the last write is what stands there; true where nothing was written yet. */
  isAsLeft(): boolean {
    return this.#left === null || lookOf(this.#path) === this.#left;
  }

  /** What was there before the first write is taken for ours: a supervisor before this one has left it, or a clone brought it. */
  #isOurs(path: string): boolean {
    const sum = sumOf(path);
    if (sum === 'unreadable') return true;
    if (this.#left !== null) return sum !== 'large' && this.#versions.has(sum);
    if (sum !== 'large' && !this.#versions.has(sum)) this.#versions.add(sum);
    return true;
  }
}

function sumOf(path: string): number | 'unreadable' | 'large' {
  const fd = openToLook(path);
  if (typeof fd !== 'number') return 'unreadable';
  try {
    return fstatSync(fd).size > MOST_BYTES ? 'large' : sumOfFile(fd);
  } finally {
    closeSync(fd);
  }
}

/** Of a link that stands there: of the link itself, wherever it leads. */
function lookOf(path: string): string | null {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}

/** `other`: JSON, and not what is written here. */
type Found = 'good' | 'other' | 'damaged';

function look(path: string, isGood: (value: Record<string, unknown>) => boolean): Found {
  const fd = openToLook(path);
  if (fd === 'unreadable') return 'good';
  if (typeof fd !== 'number') return 'damaged';
  try {
    const { size } = fstatSync(fd);
    if (size <= SMALL_BYTES) return judge(bytesAt(fd, 0, size), isGood);
    return textAt(fd, 0, 1) === '{' && textAt(fd, size - 2, 2) === '}\n' ? 'good' : 'damaged';
  } finally {
    closeSync(fd);
  }
}

/** What may not be read is replaced like anything that is as it should be: all that it can show is in the store. */
function openToLook(path: string): ReturnType<typeof openRegular> | 'unreadable' {
  try {
    return openRegular(path, constants.O_RDONLY);
  } catch {
    return 'unreadable';
  }
}

function judge(bytes: Buffer, isGood: (value: Record<string, unknown>) => boolean): Found {
  const value = isUtf8(bytes) ? parsedJson(bytes.toString('utf8')) : undefined;
  if (!isObject(value)) return 'damaged';
  return isGood(value) ? 'good' : 'other';
}

function textAt(fd: number, offset: number, length: number): string {
  return bytesAt(fd, offset, length).toString('utf8');
}

function bytesAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
}
