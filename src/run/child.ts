import type { Child, ChildResult, ChildSpec, Metering } from '../glossary/child.ts';
import type { Clock } from '../glossary/clock.ts';
import { type Ending, endTree } from './ending.ts';
import type { KnownProcess, Meter, MeterOptions } from './meter.ts';
import { pumpOutput } from './output.ts';
import { sendSignal } from './signals.ts';
import { startTooSlow } from './start-error.ts';
import type { CommandExit, Started } from './started.ts';
import { treeMemoryBytes } from './tree-memory.ts';
import { callAfter, settles } from './waiting.ts';

/** What the command leaves behind may end by itself for so long (on a busy machine a process takes its time to die). */
const LEFTOVER_PATIENCE_MS = 200;
/** From SIGTERM to SIGKILL for what is left then: the run is told of within a second. */
const LEFTOVER_GRACE_MS = 350;

type Figures = Omit<Metering, 'runtimeSeconds'>;

const NOTHING: Figures = {
  cpuSeconds: null,
  memoryMb: null,
  diskReadMb: null,
  diskWrittenMb: null,
  contextSwitches: null,
};

/** A start takes milliseconds; one that takes so long will not come to anything. */
const START_LIMIT_MS = 60_000;

/** The end of a command that even SIGKILL does not end: nobody waits for it any longer. */
const GIVEN_UP: CommandExit = { exitCode: null, signal: 'SIGKILL', runtimeSeconds: null, startError: null };

export interface ChildParts {
  clock: Clock;
  warn(message: string): void;
  startMeter(options: MeterOptions): Meter;
  /** How long a start may take until it is given up. Default: 60 s. */
  startLimitMs?: number;
}

/** Sees a started command through to its result: time limit, metering, output, ending of its whole tree. */
export function followChild(spec: ChildSpec, start: () => Started, parts: ChildParts): Child {
  return new FollowedChild(spec, start, parts);
}

class FollowedChild implements Child {
  readonly ended: Promise<ChildResult>;
  readonly #spec: ChildSpec;
  readonly #parts: ChildParts;
  readonly #started: Started;
  readonly #startedAtMs: number;
  readonly #startedMonotonicMs: number;
  readonly #givenUp = Promise.withResolvers<CommandExit>();
  #meter: Meter | null = null;
  #exit: CommandExit | null = null;
  #reason: 'timeout' | 'stop' | null = null;
  #ending: Promise<Ending> | null = null;
  /** Takes back the limit that holds just now: of the start, then of the run. */
  #forgetLimit: () => void = () => {};

  constructor(spec: ChildSpec, start: () => Started, parts: ChildParts) {
    this.#spec = spec;
    this.#parts = parts;
    this.#startedAtMs = parts.clock.now();
    this.#startedMonotonicMs = parts.clock.monotonic();
    this.#started = start();
    this.ended = this.#follow();
  }

  get pid(): number | null {
    return this.#exit?.startError ? null : this.#started.commandPid;
  }

  async stop(): Promise<void> {
    this.#end('stop');
    await this.ended;
  }

  /** What is started in this very moment may escape; the keeper ends it when the supervisor has ended. */
  kill(): void {
    for (const found of this.#started.tree(this.#known())) sendSignal(found, 'SIGKILL');
  }

  memoryMb(): number | null {
    const { pid, commandPid, headIsCommand } = this.#started;
    const isRunning = pid !== null && commandPid !== null && this.#exit === null;
    return isRunning ? megabytes(treeMemoryBytes(pid, headIsCommand)) : null;
  }

  async #follow(): Promise<ChildResult> {
    const pump = pumpOutput(this.#started.outputs, this.#spec.output, message => this.#warn(message));
    this.#limitStart();
    void this.#started.running.then(() => {
      this.#startMeter();
      this.#limitRun();
    });
    const exit = await Promise.race([this.#started.exit, this.#givenUp.promise]);
    const end = this.#endNow(exit);
    this.#forgetLimit();
    const leftovers = await this.#endLeftovers();
    const figures = exit.startError === null ? this.#figures() : NOTHING;
    this.#started.onNewProcess = () => {};
    this.#meter?.stop();
    await this.#started.release();
    await pump.finish();
    return { ...end, ...figures, leftovers };
  }

  #limitStart(): void {
    const limitMs = this.#parts.startLimitMs ?? START_LIMIT_MS;
    this.#forgetLimit = callAfter(limitMs, () => this.#started.giveUpStart(startTooSlow(limitMs)));
  }

  /** The command's time begins when it runs: a machine that is slow to start it must not eat it up. */
  #limitRun(): void {
    this.#forgetLimit();
    const { timeoutMs } = this.#spec;
    if (timeoutMs === null || this.#exit !== null) return;
    this.#forgetLimit = callAfter(timeoutMs, () => this.#end('timeout'));
  }

  #startMeter(): void {
    const root = this.#started.pid;
    if (root === null || this.#exit !== null || !this.#spec.metered) return;
    const { clock } = this.#parts;
    const meter = this.#parts.startMeter({ clock, root, countRoot: this.#started.headIsCommand });
    this.#meter = meter;
    this.#started.onNewProcess = () => meter.noticeNewProcess();
  }

  #endNow(exit: CommandExit): Omit<ChildResult, keyof Figures | 'leftovers'> {
    this.#exit = exit;
    const { clock } = this.#parts;
    return {
      startedAtMs: this.#startedAtMs,
      endedAtMs: clock.now(),
      exitCode: exit.exitCode,
      signal: exit.signal,
      startError: exit.startError,
      runtimeSeconds: exit.runtimeSeconds ?? (clock.monotonic() - this.#startedMonotonicMs) / 1000,
      timedOut: this.#reason === 'timeout',
      stopped: this.#reason === 'stop',
    };
  }

  /** Only the first reason counts, and only while the command itself is running. */
  #end(reason: 'timeout' | 'stop'): void {
    if (this.#exit !== null || this.#reason !== null) return;
    this.#reason = reason;
    this.#ending = this.#endRunning(this.#spec.killGraceMs);
  }

  async #endRunning(graceMs: number): Promise<Ending> {
    await settles(this.#started.running, graceMs); // before it runs, a signal would find nobody
    const ending = await this.#endTree(graceMs);
    if (!ending.over) this.#givenUp.resolve(GIVEN_UP);
    return ending;
  }

  /** Ends what the command has left behind, and says how many processes that were. */
  async #endLeftovers(): Promise<number> {
    if (this.#ending === null) {
      if (this.#isOver()) return 0;
      await settles(this.#started.over, LEFTOVER_PATIENCE_MS);
      if (this.#isOver()) return 0;
    }
    const ending = await (this.#ending ?? this.#endTree(LEFTOVER_GRACE_MS));
    if (ending.survivors.length > 0) this.#warn(survivorsMessage(ending.survivors));
    return this.#ending === null ? Math.max(ending.told, ending.killed) : 0;
  }

  #endTree(graceMs: number): Promise<Ending> {
    return endTree(
      {
        processes: () => this.#started.tree(this.#known()),
        isOver: () => this.#isOver(),
        over: this.#started.over,
      },
      graceMs,
    );
  }

  #isOver(): boolean {
    return this.#started.isOver(this.#known());
  }

  #known(): KnownProcess[] {
    return this.#meter?.known() ?? [];
  }

  /** The kernel's own count is exact, but leaves out children that nobody waited for: the meter may have seen more. */
  #figures(): Figures {
    const totals = this.#started.totals();
    const peakBytes = larger(totals.peakBytes, this.#meter?.peakBytes() ?? null);
    return {
      cpuSeconds: larger(totals.cpuSeconds, this.#meter?.cpuSeconds() ?? null),
      memoryMb: megabytes(peakBytes),
      diskReadMb: megabytes(totals.readBytes),
      diskWrittenMb: megabytes(totals.writtenBytes),
      contextSwitches: totals.contextSwitches,
    };
  }

  #warn(message: string): void {
    this.#parts.warn(`${this.#spec.name}: ${message}`);
  }
}

function megabytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / 1e6;
}

function larger(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second;
  return Math.max(first, second);
}

function survivorsMessage(survivors: readonly KnownProcess[]): string {
  const pids = survivors.map(({ pid }) => pid).join(', ');
  return `even SIGKILL did not end process ${pids}, which is another user's or stuck in the system: end it by hand`;
}
