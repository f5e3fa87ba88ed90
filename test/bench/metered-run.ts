import { fileURLToPath } from 'node:url';
import pidusage from 'pidusage';
import type { Child } from '../../src/glossary/child.ts';
import type { Run } from '../../src/glossary/run.ts';
import { attempt } from '../../src/supervise/attempt.ts';
import { ALONE, type RealParts } from './real-parts.ts';

export const LOADS = fileURLToPath(new URL('./loads', import.meta.url));

/** A command that reports the truth of itself as the metric `trueValue`. */
export interface Load {
  label: string;
  argv: string[];
}

export interface MeteredRun {
  run: Run;
  /** What the load says of itself. */
  truth: number;
  sampled: Sampled;
}

/** What a supervisor would know that looks at its child once a second. */
interface Sampled {
  cpuMs: number;
  memoryMb: number;
}

const SAMPLE_MS = 1_000;

/** Runs a load the whole way that a module goes, and reads the record of it. */
export async function meteredRun(parts: RealParts, { label, argv }: Load): Promise<MeteredRun> {
  const { ports, settings } = parts;
  const module = { ...parts.module, argv };
  const task = { module, iteration: 1, trigger: 'schedule', revision: null } as const;
  const sampler = new PointSampler();
  try {
    const { run } = await attempt(ports, settings, task, 1, {
      ...ALONE,
      onChild: (_module, child) => sampler.start(child),
    });
    const truth = run.custom['trueValue'];
    if (run.outcome !== 'ok' || truth === undefined)
      throw new Error(`${label}: ${run.reason ?? 'no report'}`);
    sampler.check(run);
    return { run, truth, sampled: sampler.sampled };
  } finally {
    sampler.stop();
  }
}

/** Looks at the command itself: so would one who had started it barely. */
class PointSampler {
  readonly sampled: Sampled = { cpuMs: 0, memoryMb: 0 };
  count = 0;
  #problem: unknown = null;
  #timer: NodeJS.Timeout | undefined;

  start(child: Child): void {
    // Asked for each time: a command has no process id before it runs.
    this.#timer = setInterval(() => void (child.pid !== null && this.#look(child.pid)), SAMPLE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** @throws Error where a run was long enough to be seen and was not: "nothing seen" would be an untrue figure */
  check({ runtimeSeconds }: Run): void {
    const seconds = (SAMPLE_MS * 3) / 2 / 1000;
    if (this.count > 0 || (runtimeSeconds ?? 0) < seconds) return;
    throw new Error(`a run of ${runtimeSeconds} s was not sampled once`, { cause: this.#problem });
  }

  async #look(pid: number): Promise<void> {
    try {
      // By default it keeps a descriptor of each process for a minute.
      const { ctime, memory } = await pidusage(pid, { maxage: 100 });
      this.count += 1;
      this.sampled.cpuMs = Math.max(this.sampled.cpuMs, ctime);
      this.sampled.memoryMb = Math.max(this.sampled.memoryMb, memory / 1e6);
    } catch (error) {
      this.#problem = error; // most often it has just ended; `check` tells whether that can be all
    }
  }
}
