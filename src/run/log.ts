import { messageOf } from '../errors.ts';
import type { OutputSink } from '../glossary/child.ts';
import type { Clock } from '../glossary/clock.ts';
import { withoutHidden } from './hidden.ts';
import { LogFile, type RotationSettings } from './log-file.ts';
import { LineAssembler } from './log-lines.ts';
import { prefixLines, visibleText } from './log-text.ts';

/** A sink asks its writer to wait when so much is on its way to the disk. */
const MAX_WAITING_BYTES = 256 * 2 ** 10;
/** How long output is dropped after a failed write before the file is tried again. */
const RETRY_AFTER_MS = 5_000;

type Source = 'stdout' | 'stderr';
/** Who has written, and what must not be seen of it. */
interface Writer {
  runId: string;
  source: Source;
  hidden: readonly string[];
}

const MARKS = { stdout: '|', stderr: '!' } as const;

export interface LogOptions extends RotationSettings {
  clock: Clock;
  /** Told once when the log can no longer be written, and once when it can again. */
  warn(message: string): void;
}

/** The log of one module or service, over all its runs. */
export interface ModuleLog {
  /**
   * Takes the output of one run. Several may be open at a time: their lines mix, but never within a line.
   *
   * @param hidden texts that are written as `***`: see hidden.ts
   */
  sink(runId: string, hidden?: readonly string[]): OutputSink;
  /** Resolves when everything is written and the file is closed. */
  close(): Promise<void>;
}

/**
 * Opens `FOLDER/NAME.log` (and the folder) when the first output comes, and closes it whenever no run is writing.
 *
 * Each line of output becomes `TIME RUN | text`, with `!` for stderr. Control characters are escaped, so that a log can
 * be shown in a terminal; lines over 8 KB are cut. A sink whose `write` returned false takes more all the same, but
 * memory stays bounded only if its writer waits for `drained`.
 *
 * A disk that is full, or a file that cannot be written, never stops a run: its output is dropped until the file can be
 * written again, and a line in the log then says how much is missing.
 *
 * Its own few lines and not rotating-file-stream: that package takes a short write for a whole one, follows links,
 * and is destroyed by its first error, while a log here has to outlast a full disk.
 */
export function openLog(options: LogOptions): ModuleLog {
  return new Log(options);
}

class Log implements ModuleLog {
  readonly #options: LogOptions;
  readonly #file: LogFile;
  #waiting: string[] = [];
  /** Takes all that waits while it is written, and is used again: garbage of this size swells the process by 50 MB. */
  #room = Buffer.alloc(0);
  #waitingBytes = 0;
  #sinks = 0;
  /** The writing that is under way; each further step is put behind it. */
  #work: Promise<void> = Promise.resolve();
  /** Resolves when what waits now is being written: the next output can be prepared meanwhile. */
  #taken: Promise<void> = Promise.resolve();
  #scheduled = false;
  #outage: { retryAtMs: number; lostBytes: number } | null = null;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#file = new LogFile(options);
  }

  sink(runId: string, hidden: readonly string[] = []): OutputSink {
    const assemblers = { stdout: new LineAssembler(), stderr: new LineAssembler() };
    let open = true;
    this.#sinks += 1;
    return {
      write: (chunk, source) => {
        if (open) this.#take({ runId, source, hidden }, assemblers[source].push(bufferOf(chunk)));
        return this.#waitingBytes < MAX_WAITING_BYTES;
      },
      drained: () => this.#taken,
      end: async () => {
        if (open) {
          open = false;
          this.#take({ runId, source: 'stdout', hidden }, assemblers.stdout.end());
          this.#take({ runId, source: 'stderr', hidden }, assemblers.stderr.end());
          this.#sinks -= 1;
        }
        await this.#settle();
      },
    };
  }

  async close(): Promise<void> {
    this.#sinks = 0;
    await this.#settle();
  }

  #take({ runId, source, hidden }: Writer, complete: Buffer[]): void {
    if (complete.length === 0) return;
    const prefix = this.#prefix(runId, MARKS[source]);
    for (const lines of complete) {
      const text = prefixLines(prefix, withoutHidden(visibleText(lines), hidden));
      this.#waiting.push(text);
      this.#waitingBytes += Buffer.byteLength(text);
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#taken = this.#work;
    this.#work = this.#work.then(() => this.#writeWaiting());
  }

  #prefix(runId: string, mark: string): string {
    return `${new Date(this.#options.clock.now()).toISOString()} ${runId} ${mark} `;
  }

  /** Never rejects. What comes while it writes is written by the next call. */
  async #writeWaiting(): Promise<void> {
    if (this.#room.length < this.#waitingBytes) this.#room = Buffer.allocUnsafeSlow(this.#waitingBytes);
    let length = 0;
    for (const text of this.#waiting) length += this.#room.write(text, length);
    const lines = this.#room.subarray(0, length);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#scheduled = false;
    try {
      await this.#write(lines);
    } catch (error) {
      this.#fail(error, lines.length);
    }
  }

  async #write(lines: Buffer): Promise<void> {
    if (this.#outage === null) return this.#file.append(lines);
    if (this.#options.clock.monotonic() < this.#outage.retryAtMs) {
      this.#outage.lostBytes += lines.length;
      return;
    }
    const missing = `about ${this.#outage.lostBytes} bytes of output are missing`;
    await this.#file.append(
      Buffer.from(`${this.#prefix('-', '!')}${missing} here: the log could not be written\n`),
    );
    this.#outage = null;
    this.#options.warn(`${this.#file.path} can be written again; ${missing}`);
    await this.#file.append(lines);
  }

  #fail(error: unknown, lostBytes: number): void {
    const outage = this.#outage ?? { retryAtMs: 0, lostBytes: 0 };
    if (this.#outage === null) {
      const hint = 'the run goes on, its output is dropped until there is room and permission to write';
      this.#options.warn(`${this.#file.path} cannot be written (${messageOf(error)}): ${hint}`);
    }
    outage.lostBytes += lostBytes;
    outage.retryAtMs = this.#options.clock.monotonic() + RETRY_AFTER_MS;
    this.#outage = outage;
  }

  /** Waits for all writing, then closes the file unless another run still writes. */
  async #settle(): Promise<void> {
    this.#work = this.#work.then(() => this.#closeIfIdle());
    await this.#work;
  }

  async #closeIfIdle(): Promise<void> {
    if (this.#sinks > 0) return;
    this.#room = Buffer.alloc(0);
    // A file system that reports a failed write only at the end: the same as a failed write.
    await this.#file.close().catch((error: unknown) => this.#fail(error, 0));
  }
}

function bufferOf(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
