import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode, WatchkeeperError } from '../errors.ts';
import type { Clock } from '../glossary/clock.ts';

const NEWLINE = 10;
const LOOK_EVERY_MS = 5_000;

export interface RotationSettings {
  folder: string;
  /** Of the file: `NAME.log`, and `NAME.log.1` and so on for older ones. */
  name: string;
  maxBytes: number;
  /** How many files there are at most, the current one included. */
  files: number;
  clock: Pick<Clock, 'monotonic'>;
}

/**
 * A log file that is set aside when it is full: lines are never split between two files, and all files together stay
 * within `files * maxBytes` (a single line over `maxBytes` excepted). One call at a time; each throws what the file
 * system throws, and the next call tries afresh, so that a full disk is got over once there is room.
 */
export class LogFile {
  readonly path: string;
  readonly #settings: RotationSettings;
  #handle: FileHandle | null = null;
  #size = 0;
  #swept = false;
  /** The file ends inside a line: a write stopped there, of this process or of one that was killed. */
  #torn = false;
  #lookedAtMs = 0;

  constructor(settings: RotationSettings) {
    this.#settings = settings;
    this.path = join(settings.folder, `${settings.name}.log`);
  }

  /** Appends whole lines. */
  async append(lines: Buffer): Promise<void> {
    for (let rest = lines; rest.length > 0; ) {
      const handle = await this.#opened();
      const count = this.#fitting(rest);
      if (count === 0) await this.#rotate();
      else await this.#write(handle, rest.subarray(0, count));
      rest = rest.subarray(count);
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** Bytes of the whole lines that still fit; an empty file takes its first line whatever its length. */
  #fitting(lines: Buffer): number {
    const room = this.#settings.maxBytes - this.#size;
    if (lines.length <= room) return lines.length;
    const fitting = room > 0 ? lines.lastIndexOf(NEWLINE, room - 1) + 1 : 0;
    return fitting > 0 || this.#size > 0 ? fitting : lines.indexOf(NEWLINE) + 1;
  }

  async #write(handle: FileHandle, lines: Buffer): Promise<void> {
    if (this.#torn) await this.#writeAll(handle, Buffer.of(NEWLINE));
    await this.#writeAll(handle, lines);
  }

  /** In a loop, because a disk that is nearly full takes a part and fails only at the next write. */
  async #writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done);
      done += bytesWritten;
      this.#size += bytesWritten;
      this.#torn = bytes[done - 1] !== NEWLINE;
    }
  }

  async #opened(): Promise<FileHandle> {
    if (this.#handle !== null && (await this.#isGone(this.#handle))) await this.close();
    this.#handle ??= await this.#open();
    return this.#handle;
  }

  /** Somebody may remove the file: what we wrote on would be read by nobody and yet fill the disk. */
  async #isGone(handle: FileHandle): Promise<boolean> {
    const nowMs = this.#settings.clock.monotonic();
    if (nowMs - this.#lookedAtMs < LOOK_EVERY_MS) return false;
    this.#lookedAtMs = nowMs;
    return (await handle.stat()).nlink === 0;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(this.#settings.folder, { recursive: true, mode: 0o700 });
    if (!this.#swept) await this.#sweep();
    const handle = await openForAppending(this.path);
    try {
      const state = await handle.stat();
      if (!state.isFile())
        throw new WatchkeeperError('file', `${this.path} is not a regular file: move it away`);
      if ((state.mode & 0o600) !== 0o600) await handle.chmod(0o600); // a umask has taken our own rights away
      this.#size = state.size;
      this.#torn = await endsInsideLine(handle, state.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
    this.#lookedAtMs = this.#settings.clock.monotonic();
    return handle;
  }

  async #rotate(): Promise<void> {
    await this.close();
    const { files } = this.#settings;
    if (files <= 1) return rm(this.path, { force: true });
    for (let number = files - 1; number > 0; number -= 1) {
      const older = `${this.path}.${number}`;
      await renameIfThere(number === 1 ? this.path : `${this.path}.${number - 1}`, older);
    }
  }

  /** Older files that a former setting allowed. */
  async #sweep(): Promise<void> {
    const { folder, name, files } = this.#settings;
    for (const entry of await readdir(folder)) {
      const number = entry.startsWith(`${name}.log.`) ? entry.slice(name.length + 5) : '';
      if (/^[1-9]\d{0,3}$/.test(number) && Number(number) >= files)
        await rm(join(folder, entry), { force: true });
    }
    this.#swept = true;
  }
}

/** Follows no link, and neither waits for the reader of a FIFO nor makes one wait. */
function openForAppending(path: string): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  return open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
}

async function endsInsideLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
