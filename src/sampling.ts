import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Overrides, overridden } from './config/environment.ts';
import { messageOf, WatchkeeperError } from './errors.ts';
import type { Clock } from './glossary/clock.ts';
import type { Sample, SampleSink } from './glossary/sample.ts';
import type { ServiceUse } from './glossary/service.ts';
import type { Settings } from './glossary/settings.ts';
import { Intake, SOCKET_NAME } from './intake/intake.ts';
import { type KnownNames, knownNames } from './intake/report.ts';
import { prepareFolders } from './store/folders.ts';
import { setAside } from './store/set-aside.ts';
import { readMachine } from './system/read.ts';
import { SystemSampler } from './system/sampler.ts';

/** What was taken in is written once in this time. */
const WRITE_MS = 2_000;
/** So many samples are kept while they cannot be written; further ones are dropped. */
const MOST_KEPT = 60_000;
/** So many are written at once: some 20 ms. Where there are more, as after a full disk, the loop has its time in between. */
const SLICE = 5_000;
const PAUSE_MS = 50;

export interface SamplingOptions {
  clock: Clock;
  settings: Settings;
  /** What the environment of the process says in the place of the settings. */
  overrides: Overrides;
  /** Whether the workspace is still ours: the place of the socket is its owner's. */
  owns(): boolean;
  /** What the services take now; never throws. */
  services(): ServiceUse[];
  /** Writes all of them or none. @throws what is told and tried again; a permanent WatchkeeperError ends the supervisor */
  write(samples: readonly Sample[]): void;
  warn(message: string): void;
  onFatal(error: WatchkeeperError): void;
}

type Wanted = ReturnType<typeof overridden>;

/** The samples of a workspace: takes them from the machine, the services and whoever reports, and has them written a few seconds later. */
export class Sampling implements SampleSink {
  readonly #options: SamplingOptions;
  #wanted: Wanted;
  #known: KnownNames;
  #sampler: SystemSampler | null = null;
  #intake: Intake | null = null;
  #isStarted = false;
  /** Set while there is something to write: nothing wakes the process for nothing. */
  #timer: NodeJS.Timeout | null = null;
  #kept: Sample[] = [];
  #dropped = 0;
  #problem: string | null = null;

  constructor(options: SamplingOptions) {
    this.#options = options;
    this.#wanted = overridden(options.settings, options.overrides);
    this.#known = knownNames({ ...options.settings, ...this.#wanted });
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    await this.#startIntake();
    this.#startSampler();
  }

  async stop(): Promise<void> {
    this.#stopSampler();
    await this.#stopIntake();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isStarted = false;
    while (this.#write());
  }

  /** Takes changed settings over; what has not changed goes on. */
  async reload(settings: Settings): Promise<void> {
    const before = this.#wanted;
    this.#wanted = overridden(settings, this.#options.overrides);
    this.#known = knownNames({ ...settings, ...this.#wanted });
    if (!isDeepStrictEqual(this.#wanted.intake, before.intake)) {
      await this.#stopIntake();
      await this.#startIntake();
    }
    if (!isDeepStrictEqual(this.#wanted.system, before.system)) {
      this.#stopSampler();
      this.#startSampler();
    }
  }

  /** Where programs report; null where they cannot. */
  socket(): string | null {
    return this.#wanted.intake.socket ? socketOf(this.#options.settings.root) : null;
  }

  take(samples: readonly Sample[]): void {
    const room = MOST_KEPT - this.#kept.length;
    for (const sample of samples.slice(0, room)) this.#kept.push(sample);
    this.#dropped += Math.max(0, samples.length - room);
    if (this.#isStarted && this.#timer === null && this.#kept.length > 0) this.#writeAfter(WRITE_MS);
  }

  async #startIntake(): Promise<void> {
    const { clock, warn, settings, owns } = this.#options;
    const { socket, flushMs } = this.#wanted.intake;
    if (!socket) return;
    const { root } = settings;
    this.#intake = new Intake({
      ...{ clock, warn, flushMs, sink: this, path: socketOf(root), known: () => this.#known },
      files: {
        prepareFolder() {
          if (!owns()) throw new WatchkeeperError('fenced', 'this workspace is not ours any more');
          prepareFolders(root);
        },
        setAside: path => setAside(path, clock.now()),
      },
    });
    await this.#intake.start();
  }

  async #stopIntake(): Promise<void> {
    await this.#intake?.stop();
    this.#intake = null;
  }

  #startSampler(): void {
    const { clock, settings, services } = this.#options;
    const { enabled, everyMs } = this.#wanted.system;
    if (!enabled) return;
    const read = (monotonicMs: number) => readMachine(monotonicMs, { folder: settings.root });
    this.#sampler = new SystemSampler({ clock, sink: this, everyMs, read, services });
    this.#sampler.start();
  }

  #stopSampler(): void {
    this.#sampler?.stop();
    this.#sampler = null;
  }

  #writeAfter(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const isMore = this.#write();
      if (this.#kept.length > 0) this.#writeAfter(isMore ? PAUSE_MS : WRITE_MS);
    }, delayMs).unref();
  }

  /** @returns whether there is more to write at once */
  #write(): boolean {
    if (this.#kept.length === 0) return false;
    try {
      this.#options.write(this.#kept.slice(0, SLICE));
      this.#kept.splice(0, SLICE);
      this.#tellDropped();
      this.#problem = null;
      return this.#kept.length > 0;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** The same problem again is no news until something was written in between. */
  #failed(error: unknown): void {
    if (error instanceof WatchkeeperError && error.permanent) {
      this.#options.onFatal(error);
      return;
    }
    const problem = `samples cannot be written: ${messageOf(error)}`;
    if (problem !== this.#problem) this.#options.warn(`${problem} (tried again every ${WRITE_MS / 1000} s)`);
    this.#problem = problem;
  }

  #tellDropped(): void {
    if (this.#dropped > 0)
      this.#options.warn(`${this.#dropped} sample(s) were dropped: ${MOST_KEPT} were waiting to be written`);
    this.#dropped = 0;
  }
}

function socketOf(root: string): string {
  return join(root, 'data', SOCKET_NAME);
}
