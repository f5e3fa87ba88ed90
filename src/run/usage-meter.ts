import pidusage from 'pidusage';
import type { Meter, MeterOptions } from './meter.ts';
import { Pace } from './pace.ts';
import { listProcesses } from './process-list.ts';
import { family } from './tree.ts';

/** A look starts programs (`ps`), twice: rarer than through `/proc`. */
const MIN_PAUSE_MS = 500;

/** By `ps`, and without the history that it keeps otherwise: of every process for a minute, some with a descriptor. */
const OPTIONS = { usePs: true, maxage: 0 };

/**
 * Watches a process tree where there is no `/proc`, with `pidusage`: CPU time and memory of the processes that are
 * there when it looks. A short run ends before the first look and is not measured (null).
 */
export function startUsageMeter(options: MeterOptions): Meter {
  return new UsageMeter(options);
}

class UsageMeter implements Meter {
  readonly #options: MeterOptions;
  readonly #pace: Pace;
  readonly #cpuMs = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #known: ReturnType<Meter['known']> = [];
  #peak: number | null = null;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock.monotonic());
    void this.#look();
  }

  peakBytes(): number | null {
    return this.#peak;
  }

  cpuSeconds(): number | null {
    const sum = this.#cpuMs.values().reduce((all, ms) => all + ms, 0);
    return sum === 0 ? null : sum / 1000;
  }

  known(): ReturnType<Meter['known']> {
    return this.#known;
  }

  noticeNewProcess(): void {} // another look would cost too much

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const began = this.#options.clock.monotonic();
    const { root, countRoot } = this.#options;
    this.#known = family(listProcesses(), pid => pid === root).filter(({ pid }) => countRoot || pid !== root);
    await this.#measure(this.#known.map(({ pid }) => pid));
    if (this.#stopped) return;
    const now = this.#options.clock.monotonic();
    this.#timer = setTimeout(
      () => void this.#look(),
      Math.max(MIN_PAUSE_MS, this.#pace.next(now, now - began, false)),
    );
    this.#timer.unref();
  }

  async #measure(pids: number[]): Promise<void> {
    if (pids.length === 0) return;
    try {
      const usage = Object.values(await pidusage(pids, OPTIONS));
      if (this.#stopped) return;
      for (const { pid, ctime } of usage) this.#cpuMs.set(pid, ctime);
      this.#peak = Math.max(
        this.#peak ?? 0,
        usage.reduce((sum, { memory }) => sum + memory, 0),
      );
    } catch {
      // one of them has ended between the two looks: the next look asks for those that are left
    }
  }
}
