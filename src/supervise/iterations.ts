import type { ClosedIteration, IterationSummary } from '../glossary/iteration.ts';
import type { Settings } from '../glossary/settings.ts';
import { type Due, planIteration } from '../plan/iteration.ts';
import { type PutOff, takeTurn } from '../plan/turn.ts';
import type { Alarm } from './alarm.ts';
import { runIteration } from './iteration.ts';
import { openIncidents } from './open-incidents.ts';
import type { Ports, Surroundings } from './ports.ts';
import { Running } from './running.ts';

/** An iteration that has been started: which modules it began with, and its end. */
export interface StartedIteration {
  /** Null where nothing was left to start. */
  iteration: number | null;
  modules: string[];
  /** Modules that were asked for and are still running in an earlier iteration: not started twice. */
  missed: string[];
  /**
   * Null where nothing was left to start, and resolves to null where the stop came before its first run; rejects only where the
   * store failed.
   */
  ended: Promise<IterationSummary | null> | null;
}

export interface IterationsOptions {
  /** The settings in effect: those that the next iteration begins with. */
  settings(): Settings;
  /** So many are started and no more; null: no limit. */
  limit: number | null;
  alarm: Alarm;
  onFailed(error: unknown): void;
  /** One has ended and has been shown. */
  onShown(): void;
}

/** So many iterations wait to be shown each by itself. */
const MOST_WAITING = 10;

/**
 * The iterations that are under way. They may overlap (a module that takes an hour does not hold up one that is due each minute),
 * but one module never runs twice at the same time, and one iteration at a time is shown.
 */
export class Iterations {
  readonly #ports: Ports;
  readonly #options: IterationsOptions;
  readonly #running = new Running();
  readonly #open = new Set<Promise<unknown>>();
  /** Modules that start once something else is over. */
  readonly #putOff = new Set<string>();
  readonly #stop = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  #left: number;
  #publishing: Promise<unknown> = Promise.resolve();
  /** How many have ended and wait to be shown. */
  #waiting = 0;
  #isBehind = false;

  constructor(ports: Ports, options: IterationsOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#left = options.limit ?? Number.POSITIVE_INFINITY;
  }

  /** Starts one with what is due and not in the way of what is running; the rest is missed, or put off. */
  start(due: Due[]): StartedIteration {
    const turn = takeTurn(this.#options.settings().modules, due, module => this.#running.has(module));
    for (const module of turn.missed) this.#miss(module);
    for (const later of turn.later) this.#startLater(later);
    return { iteration: null, modules: [], ended: null, ...this.#begin(turn.start), missed: turn.missed };
  }

  /** Starts nothing any more, ends what is running, and resolves when every run is recorded and shown. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running.stop();
    while (this.#open.size > 0) await Promise.allSettled(this.#open);
    await this.#publishing.catch(() => undefined); // reported where it failed
  }

  kill(): void {
    this.#running.kill();
  }

  /** Resolves when as many have ended as were allowed. */
  finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Resolves when those that are under way now have ended; null where there are none. */
  underWay(): Promise<unknown> | null {
    return this.#open.size === 0 ? null : Promise.allSettled([...this.#open]);
  }

  /** The modules that are running, or are between two attempts. */
  running(): string[] {
    return this.#running.names();
  }

  #begin(due: Due[]): Omit<StartedIteration, 'missed'> | null {
    if (due.length === 0 || this.#left === 0 || this.#stopping()) return null;
    const startedAt = new Date(this.#ports.clock.now()).toISOString();
    const iteration = this.#ports.history.startIteration(startedAt);
    this.#left -= 1;
    const ended = this.#iterate({ iteration, startedAt }, due);
    const watched = ended.catch(this.#options.onFailed).finally(() => {
      this.#open.delete(watched);
      if (this.#left === 0 && this.#open.size === 0) this.#finished.resolve();
    });
    this.#open.add(watched);
    return { iteration, modules: due.map(({ module }) => module), ended };
  }

  /** One that is put off already is not put off twice: it starts once. */
  #startLater({ due, waitsFor, because }: PutOff): void {
    const fresh = due.filter(({ module }) => !this.#putOff.has(module));
    if (fresh.length === 0) return;
    for (const { module } of fresh) this.#putOff.add(module);
    const names = fresh.map(({ module }) => module).join(', ');
    this.#ports.reporter.info(
      because === 'self'
        ? `a file that ${names} watches has changed during its run: it runs again when that has ended`
        : `${names}: waiting for ${waitsFor.join(', ')}, still running in an earlier iteration`,
    );
    const over = (name: string): Promise<void> =>
      because === 'self' ? this.#running.left(name) : this.#running.iterationOver(name);
    void Promise.all(waitsFor.map(over))
      .then(() => {
        for (const { module } of fresh) this.#putOff.delete(module);
        this.start(fresh);
      })
      .catch(this.#options.onFailed);
  }

  /** Null where the stop came before anything was run: then there is nothing to show. */
  async #iterate(
    started: { iteration: number; startedAt: string },
    due: Due[],
  ): Promise<IterationSummary | null> {
    const settings = this.#options.settings();
    const plan = planIteration(settings.modules, due);
    const over = Promise.withResolvers<void>();
    const running = runIteration(this.#ports, settings, started, plan, this.#surroundings(over.promise));
    const closed = await running.finally(over.resolve);
    if (closed.runs.length === 0) {
      this.#ports.history.dropIteration(started.iteration);
      return null;
    }
    const summary = await this.#published(closed);
    this.#options.onShown();
    this.#ports.reporter.iterationEnded(summary);
    return summary;
  }

  /**
   * One after the other, by the settings in effect: whoever has switched commits off meanwhile gets none. Where many wait, those
   * before the last ones are only noted: what they have to show, a later one shows.
   */
  #published(closed: ClosedIteration): Promise<IterationSummary> {
    this.#waiting += 1;
    const published = this.#publishing.then(() => {
      this.#waiting -= 1;
      const isLater = this.#waiting >= MOST_WAITING;
      this.#tellBehind(isLater);
      return isLater ? this.#ports.note(closed) : this.#ports.publish(closed, this.#options.settings());
    });
    this.#publishing = published.catch(() => undefined); // whoever waits for `published` sees the failure
    return published;
  }

  #tellBehind(isBehind: boolean): void {
    if (isBehind && !this.#isBehind)
      this.#ports.reporter.warn(
        'iterations end faster than they can be shown and committed: several are shown and committed together',
      );
    if (!isBehind && this.#isBehind && this.#waiting === 0)
      this.#ports.reporter.info('each iteration is shown and committed by itself again');
    this.#isBehind = isBehind || (this.#isBehind && this.#waiting > 0);
  }

  #surroundings(iterationOver: Promise<void>): Surroundings {
    return {
      enter: module => {
        const entered = this.#running.enter(module, iterationOver);
        if (!entered) this.#miss(module);
        return entered;
      },
      leave: module => this.#running.leave(module),
      openIncidents: () => openIncidents(this.#ports, this.#options.settings()),
      onChild: (module, child) => {
        this.#running.onChild(module, child);
        if (this.#stopping()) void child.stop();
      },
      stopping: () => this.#stopping(),
      pause: ms => this.#options.alarm.pause(ms, this.#stop.signal),
    };
  }

  #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  #miss(module: string): void {
    const count = this.#ports.history.addMiss(module);
    this.#ports.reporter.warn(
      `${module} was due while it was still running: not started twice (missed ${count} so far)`,
    );
  }
}
