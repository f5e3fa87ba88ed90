import { isDeepStrictEqual } from 'node:util';
import type { ServiceState, ServiceUse } from '../glossary/service.ts';
import type { ServiceSettings } from '../glossary/settings.ts';
import { type ServicePorts, WatchedService } from './watched-service.ts';

/** So long nobody wonders what is being waited for. */
const QUIET_MS = 1_000;

/**
 * Keeps services running: restarts one that dies or turns unhealthy, with a growing delay (the rules stand in
 * service-life.ts). `start` and `stop` are each other's mirror; after `stop` no process of a service is left.
 */
export class Services {
  readonly #ports: ServicePorts;
  readonly #services = new Map<string, WatchedService>();
  readonly #watchers = new Set<() => void>();
  /** Those that were waited for in vain, and have not been up since. */
  readonly #inVain = new Set<WatchedService>();
  /** `update` and `stop` take their turns. */
  #turn: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(ports: ServicePorts) {
    this.#ports = {
      ...ports,
      onState: (state, message) => {
        ports.onState(state, message);
        this.#notify();
      },
    };
  }

  start(settings: ServiceSettings[]): void {
    for (const service of settings) this.#add(service, this.#ports.restartsOf(service.name));
  }

  /** New settings: ends what is gone, restarts what is different, leaves alone what is the same. */
  update(settings: ServiceSettings[]): Promise<void> {
    return this.#inTurn(async () => {
      const wanted = new Map(settings.map(service => [service.name, service]));
      const left = [...this.#services.values()].filter(
        ({ settings: current }) => !isDeepStrictEqual(current, wanted.get(current.name)),
      );
      // Ended before the new one starts: the two may want the same port.
      await Promise.all(left.map(service => service.stop()));
      const restarts = new Map(left.map(service => [service.settings.name, service.state().restartCount]));
      for (const service of left) {
        this.#services.delete(service.settings.name);
        this.#inVain.delete(service);
      }
      if (this.#stopping) return;
      for (const service of settings)
        this.#add(service, restarts.get(service.name) ?? this.#ports.restartsOf(service.name));
      this.#notify();
    });
  }

  /**
   * Waits until every service is up: healthy, or running where it has no health check. One that cannot be started for a
   * reason that will hardly be over soon (its program is missing) is not waited for, nor is one that was waited for in vain before.
   *
   * @returns the names of those that are not up when the limit is over, or when none of them is on its way any more
   */
  ready(limitMs: number): Promise<string[]> {
    const asked = new Set(this.#comingUp());
    return new Promise(resolve => {
      const finish = (): void => {
        clearTimeout(limit);
        clearTimeout(notice);
        this.#watchers.delete(look);
        resolve(this.#notUp());
      };
      const look = (): void => {
        if (this.#comingUp().length === 0) finish();
      };
      const giveUp = (): void => {
        for (const service of this.#comingUp()) if (asked.has(service)) this.#inVain.add(service); // later ones had less time
        finish();
      };
      const names = (): string[] => this.#comingUp().map(({ settings }) => settings.name);
      const limit = setTimeout(giveUp, limitMs);
      const notice = setTimeout(() => this.#ports.onWaiting?.(names(), limitMs), QUIET_MS);
      this.#watchers.add(look);
      look();
    });
  }

  states(): ServiceState[] {
    return [...this.#services.values()].map(service => service.state());
  }

  /** Of those that have a process now. */
  uses(): ServiceUse[] {
    return [...this.#services.values()].map(service => service.use()).filter(use => use !== null);
  }

  stop(): Promise<void> {
    this.#stopping = true;
    return this.#inTurn(async () => {
      await Promise.all([...this.#services.values()].map(service => service.stop()));
    });
  }

  /** For a supervisor that ends at once: nothing is waited for. */
  kill(): void {
    for (const service of this.#services.values()) service.kill();
  }

  #add(settings: ServiceSettings, restartCount: number): void {
    if (this.#services.has(settings.name)) return;
    const service = new WatchedService(settings, this.#ports, restartCount);
    this.#services.set(settings.name, service);
    service.start();
  }

  /** Those that are worth waiting for. */
  #comingUp(): WatchedService[] {
    return [...this.#services.values()].filter(service => service.isComingUp() && !this.#inVain.has(service));
  }

  #notUp(): string[] {
    return this.states()
      .filter(state => !isUp(state))
      .map(({ name }) => name);
  }

  #notify(): void {
    for (const service of this.#inVain) if (isUp(service.state())) this.#inVain.delete(service);
    for (const look of this.#watchers) look();
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => {}); // whoever asked for it gets the error; the next one goes on
    return done;
  }
}

function isUp({ status }: ServiceState): boolean {
  return status === 'healthy' || status === 'running';
}
