import { closeSync, openSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { isLivingState, type ProcessStat, parseProcessStat } from '../process-identity.ts';
import { readAgain, readProcFile } from './proc-file.ts';

/** Shared by all: nothing is kept in it between two reads. */
const buffer = Buffer.allocUnsafe(4096);

/**
 * One process of a tree, looked at again and again through files that stay open.
 *
 * `bytes` is what it counts for in this look: its peak where that has grown since the last look, as that peak lies
 * between the two; else the larger of what it held then and holds now. So peaks between looks are seen, and old peaks
 * of one process are not added to new ones of another.
 */
export class WatchedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly startTime: number;
  readonly seenSinceMs: number;
  /** Kilobytes (1024): now, highest so far, address space. */
  rss = 0;
  peak = 0;
  size = 0;
  threads = 1;
  bytes = 0;
  cpuTicks = 0;
  treeCpuTicks = 0;
  /** Still a copy of its parent, with which it shares its memory; and for how many looks so far. */
  forked = true;
  looksAsFork = 0;
  /** Its memory has grown by over a percent since the look before. */
  hasGrown = false;
  readonly #status: number;
  readonly #stat: number;

  private constructor(facts: ProcessStat, stat: number, status: number, nowMs: number) {
    this.pid = facts.pid;
    this.parent = facts.parent;
    this.startTime = facts.startTime;
    this.seenSinceMs = nowMs;
    this.#stat = stat;
    this.#status = status;
  }

  /** Null where it has ended, or where the number has gone to a stranger: not a child of one whom `isOurs` knows. */
  static open(pid: number, isOurs: (parent: number) => boolean, nowMs: number): WatchedProcess | null {
    let stat = -1;
    try {
      stat = openSync(`/proc/${pid}/stat`, 'r');
      const facts = readStat(stat);
      // One on its way out has no memory any more: it would be let go at once and found again, its CPU time counted each time.
      if (facts !== null && isLivingState(facts.state) && !facts.exiting && isOurs(facts.parent)) {
        const found = new WatchedProcess(facts, stat, openSync(`/proc/${pid}/status`, 'r'), nowMs);
        if (!found.#isThread()) return found;
        found.close();
        return null;
      }
    } catch (error) {
      // It has ended meanwhile, or no descriptor is free: it is not watched then.
      if (systemErrorCode(error) === null) throw error;
    }
    if (stat >= 0) closeSync(stat);
    return null;
  }

  /** Threads have numbers as processes have, and can be opened by them. */
  #isThread(): boolean {
    return field(readAgain(this.#status, buffer), 'Tgid:') !== this.pid;
  }

  /** Looks at its memory; false where it has ended (a zombie has no memory any more). */
  look(): boolean {
    const length = readAgain(this.#status, buffer);
    const peak = field(length, 'VmHWM:');
    const rss = field(length, 'VmRSS:');
    if (peak === null || rss === null) return false;
    const changed = peak !== this.peak; // smaller: it has become another program
    this.bytes = 1024 * (changed ? peak : Math.max(rss, this.rss));
    this.hasGrown = rss > 1.01 * this.rss;
    this.peak = peak;
    this.rss = rss;
    this.size = field(length, 'VmSize:') ?? 0;
    this.threads = field(length, 'Threads:') ?? 1;
    return true;
  }

  /** Looks at its CPU time and whether it has become a program of its own. */
  lookAtCpu(): void {
    const stat = readStat(this.#stat);
    if (stat === null) return;
    this.cpuTicks = stat.cpuTicks;
    this.treeCpuTicks = stat.treeCpuTicks;
    this.forked = stat.forked;
  }

  /**
   * A forked copy shows all of its parent's memory as its own, but holds only the pages that it has changed. While a
   * program is being started by `vfork`, as Python does, even those are the parent's very own: then it looks exactly
   * like its parent, and only for a moment.
   */
  countPrivateOnly(parent: WatchedProcess | undefined): void {
    const same = parent !== undefined && parent.size === this.size && parent.rss === this.rss;
    this.bytes = same || ++this.looksAsFork < 2 ? 0 : this.#ownBytes();
  }

  /** All of it where only that can be seen. One that has ended since the look holds nothing: its parent's memory is not counted twice. */
  #ownBytes(): number {
    return privateBytes(this.pid) ?? (this.#isGone() ? 0 : this.bytes);
  }

  #isGone(): boolean {
    return field(readAgain(this.#status, buffer), 'VmRSS:') === null;
  }

  close(): void {
    closeSync(this.#status);
    closeSync(this.#stat);
  }
}

function readStat(fd: number): ProcessStat | null {
  const length = readAgain(fd, buffer);
  return length > 0 ? parseProcessStat(buffer.toString('latin1', 0, length)) : null;
}

/** The number after a name in the text that was just read; null where the name is not there. */
function field(length: number, name: string): number | null {
  let at = length > 0 ? buffer.indexOf(name, 0, 'latin1') : -1;
  if (at < 0 || at >= length) return null;
  at += name.length;
  while (at < length && isBlank(buffer[at])) at++;
  let value = 0;
  for (let digit = digitAt(at); digit >= 0 && at < length; digit = digitAt(++at)) value = value * 10 + digit;
  return value;
}

const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9;

function digitAt(position: number): number {
  const byte = buffer[position] ?? 0;
  return byte >= 48 && byte <= 57 ? byte - 48 : -1;
}

/** What it holds that no other process shares; null where it has ended, or is not ours to look at. */
export function privateBytes(pid: number): number | null {
  const text = readProcFile(`/proc/${pid}/smaps_rollup`);
  if (text === null) return null;
  const sizes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)];
  return 1024 * sizes.reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0);
}
