import type { Child, ChildResult, ChildSpec, Runner } from '../glossary/child.ts';
import type { Clock } from '../glossary/clock.ts';
import type { ServiceState, ServiceUse } from '../glossary/service.ts';
import type { ServiceSettings } from '../glossary/settings.ts';
import { checkHealth } from './health.ts';
import { isComingUp, newLife, nextStep, type ServiceEffect, type ServiceEvent } from './service-life.ts';

export interface ServicePorts {
  runner: Runner;
  clock: Clock;
  newId(): string;
  /** How often it has been restarted in the life of the workspace, before this supervisor. */
  restartsOf(name: string): number;
  /** What one start of a service is started with; `id` is new for each start. Must not throw. */
  specFor(service: ServiceSettings, id: string): ChildSpec;
  /** Each change of a state; the message is for a person, null where there is nothing to say. */
  onState(state: ServiceState, message: string | null): void;
  /** Once for each `ready` that takes more than a second: which services it waits for, and how long at most. */
  onWaiting?(names: string[], limitMs: number): void;
}

/** One service: carries out what `nextStep` decides. */
export class WatchedService {
  readonly settings: ServiceSettings;
  readonly #ports: ServicePorts;
  #life;
  #child: Child | null = null;
  #startedAt: string | null = null;
  #startedMs = 0;
  /** The next check, or the end of the pause before a restart: never both. */
  #timer: NodeJS.Timeout | undefined;
  /** Gives up the health check that is under way; null where none is. */
  #check: AbortController | null = null;

  constructor(settings: ServiceSettings, ports: ServicePorts, restartCount = 0) {
    this.settings = settings;
    this.#ports = ports;
    this.#life = newLife(restartCount);
  }

  start(): void {
    this.#handle({ kind: 'start' });
  }

  /** Resolves when its whole process tree is gone. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#handle({ kind: 'stop' });
    await child?.ended;
  }

  kill(): void {
    this.#child?.kill();
  }

  isComingUp(): boolean {
    return isComingUp(this.#life);
  }

  state(): ServiceState {
    const { status, restartCount, problem } = this.#life;
    const pid = this.#child?.pid ?? null;
    return {
      name: this.settings.name,
      status,
      pid,
      restartCount,
      startedAt: this.#startedAt,
      lastProblem: problem,
    };
  }

  /** Null while it has no process. */
  use(): ServiceUse | null {
    if (this.#child === null) return null;
    const uptimeSeconds = (this.#ports.clock.monotonic() - this.#startedMs) / 1000;
    return { name: this.settings.name, uptimeSeconds, memoryMb: this.#child.memoryMb() };
  }

  #handle(event: ServiceEvent): void {
    this.#cancel();
    const before = this.#life;
    const { life, effects } = nextStep(before, event, this.settings, this.#ports.clock.monotonic());
    this.#life = life;
    for (const effect of effects) this.#carryOut(effect);
    const messages = effects.flatMap(effect => (effect.kind === 'tell' ? [effect.message] : []));
    for (const message of messages) this.#ports.onState(this.state(), message);
    const isOther = life.status !== before.status || event.kind === 'ended'; // it has no process any more
    if (messages.length === 0 && isOther) this.#ports.onState(this.state(), null);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#check?.abort();
    this.#check = null;
  }

  #carryOut(effect: ServiceEffect): void {
    if (effect.kind === 'spawn') this.#spawn();
    else if (effect.kind === 'end')
      void this.#child?.stop(); // `ended` tells when it is over
    else if (effect.kind === 'check') this.#after(effect.afterMs, () => void this.#askHealth());
    else if (effect.kind === 'wait') this.#after(effect.afterMs, () => this.#handle({ kind: 'due' }));
  }

  #after(ms: number, action: () => void): void {
    this.#timer = setTimeout(action, ms);
  }

  /** Without a health check, to be alive is to be well. */
  async #askHealth(): Promise<void> {
    const { health } = this.settings;
    const check = new AbortController();
    this.#check = check;
    const problem = health === null ? null : await checkHealth(health, check.signal);
    if (check.signal.aborted) return;
    this.#check = null; // it is over: nothing to give up
    this.#handle({ kind: 'checked', problem });
  }

  #spawn(): void {
    const { clock, newId, runner, specFor } = this.#ports;
    this.#startedAt = new Date(clock.now()).toISOString();
    this.#startedMs = clock.monotonic();
    const child = runner.start(specFor(this.settings, newId()));
    this.#child = child;
    void child.ended.then(result => {
      this.#child = null;
      const { startError } = result;
      this.#handle({ kind: 'ended', problem: howItEnded(result), permanent: startError?.permanent ?? false });
    });
  }
}

function howItEnded({ startError, signal, exitCode }: ChildResult): string {
  if (startError !== null) return startError.message;
  if (signal !== null) return `it was ended by ${signal}`;
  const advice = exitCode === 0 ? ', which no service should: it has to run on, in the foreground' : '';
  return `it ended with exit code ${exitCode}${advice}`;
}
