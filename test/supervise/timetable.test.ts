import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleSettings } from '../../src/glossary/settings.ts';
import { Timetable } from '../../src/supervise/timetable.ts';
import { module } from './played.ts';

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 0, 1, 12);

const minutely = module('minutely', {
  schedule: { kind: 'cron', expression: '* * * * *', timezone: 'UTC' },
});
const interval = module('interval', { schedule: { kind: 'every', intervalMs: 90_000 } });
const never = module('never');

/** A timetable on a clock that is set by hand, with its slots in memory. */
function timetable(slots: Record<string, number> = {}, facts = new Map<string, unknown>()) {
  const clock = { nowMs: NOON };
  const kept = new Map(Object.entries(slots));
  const table = new Timetable(
    {
      slot: name => kept.get(name) ?? null,
      setSlots: given => {
        for (const [name, slot] of Object.entries(given)) kept.set(name, slot);
      },
      fact: key => facts.get(key) ?? null,
      setFact: (key, value) => void facts.set(key, value),
    },
    { now: () => clock.nowMs, monotonic: () => clock.nowMs },
  );
  return {
    facts,
    kept,
    table,
    at(ms: number, modules: ModuleSettings[]): string[] {
      clock.nowMs = ms;
      return table.take(modules);
    },
  };
}

test('a module that is seen for the first time waits for its next slot, and has each one once', () => {
  const { at } = timetable();
  assert.deepEqual(at(NOON, [minutely, interval, never]), []);
  assert.deepEqual(at(NOON + MINUTE_MS - 1, [minutely, interval, never]), []);
  assert.deepEqual(at(NOON + MINUTE_MS, [minutely, interval, never]), ['minutely']);
  assert.deepEqual(at(NOON + MINUTE_MS + 1, [minutely, interval, never]), []);
  assert.deepEqual(at(NOON + 90_000, [minutely, interval, never]), ['interval']);
});

test('many slots that passed become one run, also in the memory of a supervisor before', () => {
  const yesterday = NOON - 86_400_000;
  const { at, kept } = timetable({ minutely: yesterday, interval: yesterday });
  assert.deepEqual(at(NOON + 30_000, [minutely, interval]), ['minutely', 'interval']);
  assert.deepEqual(at(NOON + 30_000, [minutely, interval]), []);
  assert.equal(kept.get('minutely'), NOON);
});

test('a start that runs all modules takes their slots with it', () => {
  const { at, table } = timetable({ minutely: NOON - 86_400_000 });
  table.restart([minutely, never]);
  assert.deepEqual(at(NOON, [minutely, never]), []);
  assert.deepEqual(at(NOON + MINUTE_MS, [minutely, never]), ['minutely']);
});

test('the sleep ends with the next slot of any module, and is never longer than half a minute', () => {
  const { at, table } = timetable({ minutely: NOON, interval: NOON });
  at(NOON + 50_000, [minutely, interval]);
  assert.equal(table.sleepMs([minutely, interval]), 10_000);
  assert.equal(table.sleepMs([interval]), 30_000);
  assert.equal(table.sleepMs([never]), 30_000);
});

test('a module with another schedule goes on from its last slot', () => {
  const { at } = timetable({ minutely: NOON });
  const seldom = { ...minutely, schedule: { kind: 'every', intervalMs: 600_000 } as const };
  assert.deepEqual(at(NOON + 5 * MINUTE_MS, [seldom]), []);
  assert.deepEqual(at(NOON + 10 * MINUTE_MS, [seldom]), ['minutely']);
});

const daily = (hour: number): ModuleSettings =>
  module('daily', { schedule: { kind: 'cron', expression: `0 ${hour} * * *`, timezone: 'UTC' } });

test('a cron schedule that was edited counts from then on: what it would have had before was not missed', () => {
  const { at } = timetable({ daily: NOON - 9 * 60 * MINUTE_MS });
  assert.deepEqual(at(NOON - 1, [daily(3)]), []);
  assert.deepEqual(at(NOON + MINUTE_MS, [daily(11)]), []);
  assert.deepEqual(at(NOON + 2 * MINUTE_MS, [daily(11)]), []);
  assert.deepEqual(at(NOON + 23 * 60 * MINUTE_MS, [daily(11)]), ['daily']);
});

test('the same where it was edited while nothing ran; one that was not edited catches up', () => {
  const before = timetable({ daily: NOON - 9 * 60 * MINUTE_MS });
  before.at(NOON - 2 * 60 * MINUTE_MS, [daily(3), minutely]);
  const slots = Object.fromEntries(before.kept);
  const after = timetable(slots, before.facts);
  assert.deepEqual(after.at(NOON, [daily(11), minutely]), ['minutely']);
});

test('a module that gets a schedule, or comes back, counts from then on, whatever slot it had once', () => {
  const { at, kept } = timetable({ interval: NOON - 86_400_000 });
  at(NOON - MINUTE_MS, [never]);
  assert.deepEqual(at(NOON, [interval]), []);
  assert.equal(kept.get('interval'), NOON);
});
