import { messageOf, WatchkeeperError } from './errors.ts';
import { type Due, planIteration } from './plan/iteration.ts';
import { recordAbandoned } from './supervise/abandoned.ts';
import { Alarm } from './supervise/alarm.ts';
import { runIteration } from './supervise/iteration.ts';
import type { Ports, Surroundings } from './supervise/ports.ts';
import { Timetable } from './supervise/timetable.ts';
import type { Child, IterationSummary, Settings } from './types.ts';

/** How long the first iteration waits for the services before it goes on without them. */
const SERVICES_READY_MS = 30_000;

/** How long the loop waits where the store could not be asked what is due. */
const AFTER_FAILURE_MS = 5_000;

/** An iteration that has been started: which modules it began with, and its end. */
export interface StartedIteration {
  /** Null where nothing was left to start. */
  iteration: number | null;
  modules: string[];
  /** Modules that were asked for and are still running in an earlier iteration: not started twice. */
  missed: string[];
  /** Null where nothing was left to start; rejects only where the store failed. */
  ended: Promise<IterationSummary> | null;
}

export interface SupervisorOptions {
  /** Told of an error after which the loop must not go on: the workspace was taken over. */
  onFatal(error: unknown): void;
  /** So many iterations are started and no more; null: no limit. */
  iterations: number | null;
}

/**
 * The loop: what is due is run, recorded, judged, shown. Iterations may overlap (a module that takes an hour does not
 * hold up one that is due each minute), but one module never runs twice at the same time.
 */
export class Supervisor {
  readonly #ports: Ports;
  readonly #onFatal: (error: unknown) => void;
  readonly #running = new Map<string, Child | null>();
  readonly #iterations = new Set<Promise<unknown>>();
  readonly #alarm: Alarm;
  readonly #timetable: Timetable;
  readonly #stop = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  #settings: Settings;
  #left: number;
  #publishing: Promise<unknown> = Promise.resolve();
  #problem: string | null = null;

  constructor(ports: Ports, settings: Settings, options: SupervisorOptions) {
    this.#ports = ports;
    this.#settings = settings;
    this.#onFatal = options.onFatal;
    this.#left = options.iterations ?? Number.POSITIVE_INFINITY;
    this.#alarm = new Alarm(() => this.#tick());
    this.#timetable = new Timetable(ports.history, ports.clock);
  }

  /** Brings up the services and takes up what a killed supervisor left; runs nothing yet. */
  async open(): Promise<void> {
    recordAbandoned(this.#ports, this.#settings);
    this.#ports.catchUp(this.#settings);
    this.#ports.services.start(this.#settings.services);
    const late = await this.#ports.services.ready(SERVICES_READY_MS);
    if (late.length > 0 && !this.#stopping()) {
      this.#ports.reporter.warn(
        `going on without ${late.join(', ')}: not up after ${SERVICES_READY_MS / 1000} s`,
      );
    }
  }

  /** Begins to follow the schedules; with `runAtStart` every module runs once now. */
  start(): void {
    if (this.#settings.runAtStart) {
      this.#timetable.restart(this.#settings.modules);
      this.all();
    }
    this.#tick();
  }

  /** Ends the loop: nothing new is started, running children are ended, every run is recorded and shown. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#alarm.cancel();
    await Promise.all([...this.#running.values()].map(child => child?.stop()));
    while (this.#iterations.size > 0) await Promise.allSettled(this.#iterations);
    await this.#publishing.catch(() => undefined); // reported where it failed
    await this.#ports.services.stop();
  }

  /** For an end without the orderly one: SIGKILL to all that runs, and no waiting. */
  kill(): void {
    for (const child of this.#running.values()) child?.kill();
    this.#ports.services.kill();
  }

  /** Resolves when as many iterations have ended as were allowed. */
  finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Takes new settings over. Iterations that are under way end with the ones they began with. */
  async reload(settings: Settings): Promise<void> {
    this.#settings = settings;
    await this.#ports.services.update(settings.services);
    this.#tick();
  }

  /** One iteration with these modules now, whatever their schedules. */
  trigger(modules: string[], trigger: 'manual' | 'change'): StartedIteration {
    return this.#startDue(modules.map(module => ({ module, trigger })));
  }

  /** Those of the names that are no module of the settings in effect. */
  unknown(names: string[]): string[] {
    return names.filter(name => !this.#settings.modules.some(module => module.name === name));
  }

  /** One iteration with all modules now, in their order. */
  all(trigger: 'schedule' | 'manual' = 'schedule'): StartedIteration {
    const downstream = (name: { schedule: unknown; after: string[] }): boolean =>
      name.schedule === null && name.after.length > 0;
    const due = this.#settings.modules.filter(module => !downstream(module));
    return this.#startDue(due.map(module => ({ module: module.name, trigger })));
  }

  #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  #tick(): void {
    if (this.#stopping()) return;
    try {
      const due = this.#timetable.take(this.#settings.modules);
      if (due.length > 0) this.#startDue(due.map(module => ({ module, trigger: 'schedule' })));
      this.#alarm.set(this.#timetable.sleepMs(this.#settings.modules));
    } catch (error) {
      this.#failed(error);
      this.#alarm.set(AFTER_FAILURE_MS); // what is due stays due: without a pause it would be tried without end
    }
  }

  #startDue(due: Due[]): StartedIteration {
    const missed = due.filter(({ module }) => this.#running.has(module)).map(({ module }) => module);
    for (const module of missed) this.#miss(module);
    const free = due.filter(({ module }) => !missed.includes(module));
    const modules = free.map(({ module }) => module);
    if (free.length === 0 || this.#left === 0 || this.#stopping())
      return { iteration: null, modules: [], missed, ended: null };
    this.#left -= 1;
    const startedAt = new Date(this.#ports.clock.now()).toISOString();
    const iteration = this.#ports.history.startIteration(startedAt);
    const ended = this.#iterate({ iteration, startedAt }, free);
    const watched = ended
      .catch(error => this.#failed(error))
      .finally(() => {
        this.#iterations.delete(watched);
        if (this.#left === 0 && this.#iterations.size === 0) this.#finished.resolve();
      });
    this.#iterations.add(watched);
    return { iteration, modules, missed, ended };
  }

  async #iterate(started: { iteration: number; startedAt: string }, due: Due[]): Promise<IterationSummary> {
    const settings = this.#settings;
    const plan = planIteration(settings.modules, due);
    const closed = await runIteration(this.#ports, settings, started, plan, this.#surroundings());
    const published = this.#publishing.then(() => this.#ports.publish(closed, settings));
    this.#publishing = published.catch(() => undefined); // whoever waits for `published` sees the failure
    const summary = await published;
    this.#problem = null;
    this.#ports.reporter.iterationEnded(summary);
    return summary;
  }

  #surroundings(): Surroundings {
    return {
      enter: module => {
        if (this.#running.has(module)) {
          this.#miss(module);
          return false;
        }
        this.#running.set(module, null);
        return true;
      },
      leave: module => void this.#running.delete(module),
      onChild: (module, child) => {
        this.#running.set(module, child);
        if (this.#stopping()) void child.stop();
      },
      stopping: () => this.#stopping(),
      pause: ms => this.#alarm.pause(ms, this.#stop.signal),
    };
  }

  #miss(module: string): void {
    const count = this.#ports.history.addMiss(module);
    this.#ports.reporter.warn(
      `${module} was due while it was still running: not started twice (missed ${count} so far)`,
    );
  }

  /** The same problem again is no news until something has worked in between. */
  #tellOnce(problem: string): void {
    if (problem !== this.#problem) this.#ports.reporter.warn(problem);
    this.#problem = problem;
  }

  #failed(error: unknown): void {
    if (error instanceof WatchkeeperError && error.permanent) this.#onFatal(error);
    else this.#tellOnce(`an iteration could not be completed: ${messageOf(error)}`);
  }
}
