import type { ModuleSettings, Schedule } from '../glossary/settings.ts';
import { latestSlot, nextSlot } from './slot.ts';

/** The last slot that each module has had, by module; null or missing: none is known. */
export type Slots = Readonly<Record<string, number | null>>;

/** A module that is due, the slot that it is due for, and how many slots before that one passed without a run (at most 100 are counted). */
export interface DueModule {
  module: string;
  slotMs: number;
  missedSlots: number;
}

/** The loop looks again after this time at the latest: a clock that was set, or a machine that slept, is noticed then. */
const LONGEST_SLEEP_MS = 30_000;

/** A slot farther ahead than this was stored while the clock was wrong. Less is a clock that was set back a little: wait for it. */
const LARGEST_LEAD_MS = 60_000;

const MOST_COUNTED = 100;

/**
 * The modules that are due by now, each once however many of its slots have passed. The caller stores `slotMs` as the module's
 * last slot, which is how no slot is ever given twice.
 *
 * A module whose last slot is not known is not due: it counts from `now` on, once the caller has stored that (`unanchored`).
 */
export function dueModules(modules: readonly ModuleSettings[], slots: Slots, nowMs: number): DueModule[] {
  return modules.flatMap(({ name, schedule }) => {
    const lastMs = knownSlot(slots, name, nowMs);
    if (schedule === null || lastMs === null) return [];
    const slotMs = latestSlot(schedule, lastMs, nowMs);
    if (slotMs === null) return [];
    return [{ module: name, slotMs, missedSlots: slotsBetween(schedule, lastMs, slotMs) }];
  });
}

/**
 * The modules with a schedule that have nothing to count from: no slot is stored, or one so far in the future that the clock must
 * have been wrong when it was stored (that would keep a module waiting until then). Store `now` as their last slot.
 */
export function unanchored(
  modules: readonly ModuleSettings[],
  slots: Slots,
  nowMs: number,
): ModuleSettings[] {
  return modules.filter(({ name, schedule }) => schedule !== null && knownSlot(slots, name, nowMs) === null);
}

/** What each module is scheduled by, as a text; a module without a schedule is left out. */
export function schedulesOf(modules: readonly ModuleSettings[]): Record<string, string> {
  const entries = modules.flatMap(({ name, schedule }) =>
    schedule === null ? [] : [[name, textOf(schedule)]],
  );
  return Object.fromEntries(entries);
}

/**
 * The modules whose stored slot says nothing of the schedule that they have now: those that had none before, and those with a cron
 * schedule that is another one than before. What it would have had by the new one before the edit was never missed. An interval
 * goes on from the last slot, whatever that was of. Store `now` as their last slot.
 *
 * @param before what `schedulesOf` said, by module, when the slots were stored
 */
export function rescheduled(
  modules: readonly ModuleSettings[],
  before: ReadonlyMap<string, unknown>,
): ModuleSettings[] {
  return modules.filter(({ name, schedule }) => {
    if (schedule === null) return false;
    if (!before.has(name)) return true;
    return schedule.kind === 'cron' && before.get(name) !== textOf(schedule);
  });
}

function textOf(schedule: Schedule): string {
  if (schedule.kind === 'every') return `every ${schedule.intervalMs} ms`;
  return `${schedule.expression} ${schedule.timezone}`;
}

/** Milliseconds until a module is due, 0 where one is; at most 30 s. */
export function sleepMs(modules: readonly ModuleSettings[], slots: Slots, nowMs: number): number {
  const waits = modules.flatMap(({ name, schedule }) => {
    if (schedule === null) return [];
    const next = nextSlot(schedule, knownSlot(slots, name, nowMs) ?? nowMs);
    return next === null ? [] : [next - nowMs];
  });
  return Math.max(0, Math.min(LONGEST_SLEEP_MS, ...waits));
}

function knownSlot(slots: Slots, module: string, nowMs: number): number | null {
  const slot = Object.hasOwn(slots, module) ? slots[module] : null;
  // Whole and not before 1970: anything else is nothing that a clock has shown.
  if (!Number.isSafeInteger(slot) || typeof slot !== 'number' || slot < 0) return null;
  return slot > nowMs + LARGEST_LEAD_MS ? null : slot;
}

function slotsBetween(
  schedule: NonNullable<ModuleSettings['schedule']>,
  afterMs: number,
  beforeMs: number,
): number {
  let count = 0;
  let slot = nextSlot(schedule, afterMs);
  while (slot !== null && slot < beforeMs && count < MOST_COUNTED) {
    count += 1;
    slot = nextSlot(schedule, slot);
  }
  return count;
}
