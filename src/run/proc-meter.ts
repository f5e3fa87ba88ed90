import type { KnownProcess, Meter, MeterOptions } from './meter.ts';
import { NewProcesses } from './new-processes.ts';
import { Pace } from './pace.ts';
import { childPids, childPidsOfThread } from './tree.ts';
import { WatchedProcess } from './watched-process.ts';

/** Ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const CPU_MS = 500;
/** So long a process counts as new. */
const NEW_MS = 1_000;
/** Of a look at a small tree, until it is known; the very first looks take many times as long. */
const USUAL_COST_MS = 0.1;
/** No program that has been loaded has less. */
const LOADED_BYTES = 100_000;
/** Each watched process holds two descriptors: a fork bomb must not eat up the supervisor's. */
const MAX_WATCHED = 500;

/** Watches the memory and the CPU time of a process tree through `/proc`, at a pace that costs next to nothing. */
export function startProcMeter(options: MeterOptions): Meter {
  return new ProcMeter(options);
}

class ProcMeter implements Meter {
  readonly #options: MeterOptions;
  readonly #pace: Pace;
  readonly #new = new NewProcesses();
  readonly #watched = new Map<number, WatchedProcess>();
  #timer: NodeJS.Timeout | null = null;
  #looks = 0;
  #costMs = USUAL_COST_MS;
  #cpuAtMs = Number.NEGATIVE_INFINITY;
  #peak = 0;
  #endedTicks = 0;
  #ticks = 0;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock.monotonic());
    this.#look();
  }

  peakBytes(): number | null {
    return this.#peak === 0 || this.#sawTooLittle() ? null : this.#peak;
  }

  cpuSeconds(): number | null {
    return this.#ticks === 0 ? null : this.#ticks / TICKS_PER_SECOND;
  }

  known(): KnownProcess[] {
    return [...this.#watched.values()].map(({ pid, startTime }) => ({ pid, startTime }));
  }

  noticeNewProcess(): void {
    if (!this.#pace.allowsMore(this.#options.clock.monotonic(), this.#costMs)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#look();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const found of this.#watched.values()) found.close();
    this.#watched.clear();
    this.#new.close();
  }

  /** Looks at a command that has just begun, or is still being loaded, say nothing of what it will use. */
  #sawTooLittle(): boolean {
    return this.#options.countRoot && (this.#looks < 2 || this.#peak < LOADED_BYTES);
  }

  #look(): void {
    const { clock } = this.#options;
    const now = clock.monotonic();
    const hasNew = this.#findProcesses(now);
    const growing = this.#measure(now);
    this.#looks++;
    // Rises slowly, falls at once: a look that was interrupted by other work only seems dear.
    this.#costMs = Math.min(clock.monotonic() - now, 1.25 * this.#costMs);
    this.#timer = setTimeout(() => this.#look(), this.#pace.next(now, this.#costMs, hasNew || growing));
    this.#timer.unref();
  }

  /** Whether there are new ones. */
  #findProcesses(now: number): boolean {
    const { root, countRoot } = this.#options;
    const before = this.#watched.size;
    if (countRoot) this.#watch(root, () => true, now);
    const candidates = this.#new.since(now);
    if (candidates === null) return this.#walk(now) || this.#watched.size > before;
    const isOurs = (parent: number): boolean => parent === root || this.#watched.has(parent);
    for (const pid of candidates) this.#watch(pid, isOurs, now);
    return this.#watched.size > before;
  }

  #walk(now: number): boolean {
    const heads = new Set([this.#options.root, ...this.#watched.keys()]);
    const isOurs = (parent: number): boolean => heads.has(parent);
    let found = false;
    for (const head of heads) {
      for (const child of this.#childrenOf(head)) {
        if (this.#watch(child, isOurs, now)) found = true;
        heads.add(child);
      }
    }
    return found;
  }

  #childrenOf(pid: number): number[] {
    const threads =
      pid === this.#options.root && !this.#options.countRoot ? 1 : this.#watched.get(pid)?.threads;
    return threads === 1 ? childPidsOfThread(pid, pid) : childPids(pid);
  }

  #watch(pid: number, isOurs: (parent: number) => boolean, now: number): boolean {
    if (this.#watched.has(pid) || this.#watched.size >= MAX_WATCHED) return false;
    const found = WatchedProcess.open(pid, isOurs, now);
    if (found !== null) this.#watched.set(pid, found);
    return found !== null;
  }

  /** Whether a process that is new is still growing. */
  #measure(now: number): boolean {
    const withCpu = this.#options.countRoot || now - this.#cpuAtMs >= CPU_MS;
    if (withCpu) this.#cpuAtMs = now;
    for (const found of this.#watched.values()) {
      if (withCpu || found.forked) found.lookAtCpu();
      if (!found.look()) this.#forget(found);
    }
    // A command that has not even become itself yet is nothing to measure.
    const all = [...this.#watched.values()].filter(
      found => !(found.forked && found.pid === this.#options.root),
    );
    for (const found of all) if (found.forked) found.countPrivateOnly(this.#watched.get(found.parent));
    if (all.length > 0) this.#add(all);
    return all.some(found => found.hasGrown && now - found.seenSinceMs < NEW_MS);
  }

  #add(all: WatchedProcess[]): void {
    const sum = (value: (found: WatchedProcess) => number): number =>
      all.reduce((so, one) => so + value(one), 0);
    this.#peak = Math.max(
      this.#peak,
      sum(one => one.bytes),
    );
    // Two lower bounds: what each process used that was ever seen, and what the living ones say of those they waited for.
    const own = this.#endedTicks + sum(one => one.cpuTicks);
    this.#ticks = Math.max(
      this.#ticks,
      own,
      sum(one => one.treeCpuTicks),
    );
  }

  #forget(found: WatchedProcess): void {
    found.lookAtCpu(); // a zombie still says what it has used in all
    this.#endedTicks += found.cpuTicks;
    this.#watched.delete(found.pid);
    found.close();
  }
}
