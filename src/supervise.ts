import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, WatchkeeperError } from './errors.ts';
import type { ModuleSettings, Settings } from './glossary/settings.ts';
import { recordAbandoned } from './supervise/abandoned.ts';
import { Alarm } from './supervise/alarm.ts';
import { Iterations, type StartedIteration } from './supervise/iterations.ts';
import { openIncidents } from './supervise/open-incidents.ts';
import type { Ports } from './supervise/ports.ts';
import { Timetable } from './supervise/timetable.ts';

/** How long an iteration waits for services that have just been started before it goes on without them. */
const SERVICES_READY_MS = 30_000;

/** How long the loop waits where the store could not be asked what is due. */
const AFTER_FAILURE_MS = 5_000;

export interface SupervisorOptions {
  /** Told of an error after which the loop must not go on: the workspace was taken over. */
  onFatal(error: unknown): void;
  /** So many iterations are started and no more; null: no limit. */
  iterations: number | null;
}

/** The loop: follows the schedules, and starts an iteration with what is due. What is due is run, recorded, judged, shown. */
export class Supervisor {
  readonly #ports: Ports;
  readonly #onFatal: (error: unknown) => void;
  readonly #alarm: Alarm;
  readonly #timetable: Timetable;
  readonly #iterations: Iterations;
  readonly #stopping = Promise.withResolvers<void>();
  #settings: Settings;
  #following = false;
  #changingServices = false;
  /** Whether later settings came before the services of these were waited for. */
  #servicesPending = false;
  #stopped = false;
  #problem: string | null = null;

  constructor(ports: Ports, settings: Settings, options: SupervisorOptions) {
    this.#ports = ports;
    this.#settings = settings;
    this.#onFatal = options.onFatal;
    this.#alarm = new Alarm(() => this.#tick());
    this.#timetable = new Timetable(ports.history, ports.clock);
    this.#iterations = new Iterations(ports, {
      settings: () => this.#settings,
      limit: options.iterations,
      alarm: this.#alarm,
      onFailed: error => this.#failed(error),
      onShown: () => {
        this.#problem = null;
      },
    });
  }

  /** Those in effect: an edit that waits to be taken over is not in them yet. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Brings up the services and takes up what a killed supervisor left; runs nothing yet. */
  async open(): Promise<void> {
    recordAbandoned(this.#ports, this.#settings);
    this.#ports.catchUp(this.#settings);
    this.#ports.services.start(this.#settings.services);
    this.#tellLate(await this.#ports.services.ready(SERVICES_READY_MS));
  }

  /** Begins to follow the schedules; with `runAtStart` every module runs once now. */
  start(): void {
    if (this.#stopped) return;
    this.#following = true;
    if (this.#settings.runAtStart) {
      this.#timetable.restart(this.#settings.modules);
      this.all();
    }
    this.#tick();
  }

  /** Ends the loop: nothing new is started, running children are ended, every run is recorded and shown. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.resolve();
    this.#alarm.cancel();
    await this.#iterations.stop();
    await this.#ports.services.stop();
  }

  /** For an end without the orderly one: SIGKILL to all that runs, and no waiting. */
  kill(): void {
    this.#iterations.kill();
    this.#ports.services.kill();
  }

  /** Resolves when as many iterations have ended as were allowed. */
  finished(): Promise<void> {
    return this.#iterations.finished();
  }

  /**
   * Takes new settings over. Iterations that are under way run with the ones they began with, and are shown by the new ones; where
   * services change, those iterations end first, and the schedules wait until the services are up again.
   *
   * @param superseded aborted when there are later settings: these are given up while they wait, as a hanging module may never end, and a
   *   service that does not come up may be what the later ones mend
   * @returns false where they were given up while they waited for that: for later ones, or because of the stop
   */
  async reload(settings: Settings, superseded = new AbortController().signal): Promise<boolean> {
    const isSame = isDeepStrictEqual(settings.services, this.#settings.services);
    if (isSame && !this.#servicesPending) this.#settings = settings;
    else if (!(await this.#changeServices(settings, superseded))) return false;
    this.#dropIncidents();
    this.#tick();
    return true;
  }

  /** One iteration with these modules now, whatever their schedules. */
  trigger(modules: string[], trigger: 'manual' | 'change'): StartedIteration {
    return this.#iterations.start(modules.map(module => ({ module, trigger })));
  }

  /** Those of the names that are no module of the settings in effect. */
  unknown(names: string[]): string[] {
    return names.filter(name => !this.#settings.modules.some(module => module.name === name));
  }

  /** One iteration with all modules now, in their order. */
  all(trigger: 'schedule' | 'manual' = 'schedule'): StartedIteration {
    const onlyFollows = ({ schedule, after }: ModuleSettings): boolean =>
      schedule === null && after.length > 0;
    const due = this.#settings.modules.filter(module => !onlyFollows(module));
    return this.#iterations.start(due.map(module => ({ module: module.name, trigger })));
  }

  #tellLate(late: string[]): void {
    if (late.length === 0 || this.#stopped) return;
    this.#ports.reporter.warn(`going on without ${late.join(', ')}`);
  }

  /** Those that are open no longer. Where the store cannot be asked, the next iteration does it: the settings hold all the same. */
  #dropIncidents(): void {
    try {
      openIncidents(this.#ports, this.#settings);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Where it is given up, or fails, the schedules are followed again soon, whatever becomes of the later settings. */
  async #changeServices(settings: Settings, superseded: AbortSignal): Promise<boolean> {
    if (!(await this.#nothingRuns(superseded)) || this.#stopped) return false;
    this.#changingServices = true;
    this.#servicesPending = true;
    this.#settings = settings;
    try {
      const late = await this.#unless(superseded, this.#updatedServices(settings));
      this.#servicesPending = late === null;
      this.#tellLate(late ?? []);
    } finally {
      this.#changingServices = false;
      if (this.#servicesPending && !this.#stopped) this.#alarm.set(AFTER_FAILURE_MS);
    }
    return !this.#servicesPending;
  }

  async #updatedServices({ services }: Settings): Promise<string[]> {
    await this.#ports.services.update(services);
    return this.#ports.services.ready(SERVICES_READY_MS);
  }

  /** False where a later change, or the stop, came first. */
  async #nothingRuns(superseded: AbortSignal): Promise<boolean> {
    const underWay = this.#iterations.underWay();
    if (underWay === null) return true;
    if (superseded.aborted) return false;
    const names = this.#iterations.running().join(', ');
    this.#ports.reporter.info(
      `services have changed: they are restarted when the running iterations end${names === '' ? '' : ` (${names})`}`,
    );
    return (await this.#unless(superseded, underWay)) !== null;
  }

  /** Null where a later change, or the stop, came first. */
  async #unless<T>(superseded: AbortSignal, awaited: Promise<T>): Promise<T | null> {
    if (superseded.aborted) return null;
    const before = Promise.race([this.#stopping.promise, once(superseded, 'abort')]);
    return Promise.race([awaited, before.then(() => null)]);
  }

  #tick(): void {
    if (!this.#following || this.#changingServices || this.#stopped) return;
    try {
      const due = this.#timetable.take(this.#settings.modules);
      if (due.length > 0) this.#iterations.start(due.map(module => ({ module, trigger: 'schedule' })));
      this.#alarm.set(this.#timetable.sleepMs(this.#settings.modules));
    } catch (error) {
      this.#failed(error);
      this.#alarm.set(AFTER_FAILURE_MS); // what is due stays due: without a pause it would be tried without end
    }
  }

  #failed(error: unknown): void {
    if (error instanceof WatchkeeperError && error.permanent) this.#onFatal(error);
    else this.#tellOnce(`an iteration could not be completed: ${messageOf(error)}`);
  }

  /** The same problem again is no news until something has worked in between. */
  #tellOnce(problem: string): void {
    if (problem !== this.#problem) this.#ports.reporter.warn(problem);
    this.#problem = problem;
  }
}
