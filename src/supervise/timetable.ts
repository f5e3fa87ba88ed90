import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../glossary/clock.ts';
import type { ModuleSettings } from '../glossary/settings.ts';
import { dueModules, rescheduled, schedulesOf, sleepMs, unanchored } from '../plan/due.ts';
import type { History } from './ports.ts';

type Slots = Pick<History, 'slot' | 'setSlots' | 'fact' | 'setFact'>;

/** By which schedules the slots in the store were taken. */
const SCHEDULES = 'schedules';

/** Which slots each module has had: kept in the store, so that a restart neither repeats one nor forgets one. */
export class Timetable {
  readonly #history: Slots;
  readonly #clock: Clock;
  #known: ModuleSettings[] | null = null;

  constructor(history: Slots, clock: Clock) {
    this.#history = history;
    this.#clock = clock;
  }

  /** These modules run now for another reason (the start): what they missed before is not caught up again. */
  restart(modules: ModuleSettings[]): void {
    this.#setNow(modules.filter(({ schedule }) => schedule !== null));
  }

  /** The modules that are due by now; their slots are taken with it. However many slots have passed, each is named once. */
  take(modules: ModuleSettings[]): string[] {
    this.#noteSchedules(modules);
    const now = this.#clock.now();
    this.#setNow(unanchored(modules, this.#slots(modules), now));
    const due = dueModules(modules, this.#slots(modules), now);
    if (due.length > 0) {
      this.#history.setSlots(Object.fromEntries(due.map(({ module, slotMs }) => [module, slotMs])));
    }
    return due.map(({ module }) => module);
  }

  /** Milliseconds until it is worth looking again. */
  sleepMs(modules: ModuleSettings[]): number {
    return sleepMs(modules, this.#slots(modules), this.#clock.now());
  }

  /** A schedule that was edited counts from when it is first seen, be it by a supervisor that was started after the edit. */
  #noteSchedules(modules: ModuleSettings[]): void {
    if (modules === this.#known) return;
    const before = this.#history.fact(SCHEDULES);
    const schedules = schedulesOf(modules);
    if (typeof before === 'object' && before !== null)
      this.#setNow(rescheduled(modules, new Map(Object.entries(before))));
    if (!isDeepStrictEqual(before, schedules)) this.#history.setFact(SCHEDULES, schedules);
    this.#known = modules;
  }

  #slots(modules: ModuleSettings[]): Record<string, number | null> {
    return Object.fromEntries(modules.map(({ name }) => [name, this.#history.slot(name)]));
  }

  #setNow(modules: ModuleSettings[]): void {
    const now = this.#clock.now();
    if (modules.length > 0)
      this.#history.setSlots(Object.fromEntries(modules.map(({ name }) => [name, now])));
  }
}
