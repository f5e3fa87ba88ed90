import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleSettings, Schedule } from '../../src/glossary/settings.ts';
import { dueModules, type Slots, sleepMs, unanchored } from '../../src/plan/due.ts';
import { fc } from '../helpers/properties.ts';
import { MINUTELY, moduleOf } from './modules.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NOON = Date.parse('2026-11-20T12:00:00Z');
function cron(expression: string): Schedule {
  return { kind: 'cron', expression, timezone: 'UTC' };
}

const HALF_MINUTELY: Schedule = { kind: 'every', intervalMs: 30 * SECOND };
const MODULES = [
  moduleOf('collector', [], MINUTELY),
  moduleOf('prober', [], HALF_MINUTELY),
  moduleOf('follower', ['collector']),
];

function dueNames(slots: Slots, now: number, modules: ModuleSettings[] = MODULES): string[] {
  return dueModules(modules, slots, now).map(({ module }) => module);
}

test('a module is due when a slot has come since its last one, and not again once that slot is stored', () => {
  const slots = { collector: NOON - MINUTE, prober: NOON - 10 * SECOND };
  assert.deepEqual(dueModules(MODULES, slots, NOON - 1), []);
  assert.deepEqual(dueModules(MODULES, slots, NOON), [{ module: 'collector', slotMs: NOON, missedSlots: 0 }]);
  assert.deepEqual(dueModules(MODULES, { ...slots, collector: NOON }, NOON), []);
});

test('a module without a schedule is never due', () => {
  assert.deepEqual(dueNames({ follower: 0, collector: NOON, prober: NOON }, NOON + 20 * SECOND), []);
});

test('however many slots have passed a module is due once, for the latest of them, and the others are counted', () => {
  const asleep = dueModules(
    MODULES,
    { collector: NOON - 5 * MINUTE, prober: NOON - 5 * MINUTE },
    NOON + 7 * SECOND,
  );
  assert.deepEqual(asleep, [
    { module: 'collector', slotMs: NOON, missedSlots: 4 },
    { module: 'prober', slotMs: NOON, missedSlots: 9 },
  ]);
});

test('a year ahead is one run as well, and the count stops at a hundred', () => {
  const now = NOON + 365 * 24 * 60 * MINUTE;
  assert.deepEqual(
    dueModules(MODULES, { collector: NOON, prober: NOON }, now).map(({ missedSlots }) => missedSlots),
    [100, 100],
  );
});

test('a module without a known slot is not due: it counts from when it is first seen', () => {
  assert.deepEqual(dueNames({ collector: null }, NOON), []);
  assert.deepEqual(
    unanchored(MODULES, { collector: null }, NOON).map(({ name }) => name),
    ['collector', 'prober'],
  );
  const anchored = { collector: NOON, prober: NOON };
  assert.deepEqual(unanchored(MODULES, anchored, NOON), []);
  assert.deepEqual(dueNames(anchored, NOON + 30 * SECOND), ['prober']);
});

test('a clock that was set back a little is waited for', () => {
  const slots = { collector: NOON, prober: NOON };
  assert.deepEqual(unanchored(MODULES, slots, NOON - MINUTE), []);
  assert.deepEqual(dueNames(slots, NOON - MINUTE), []);
  assert.equal(sleepMs(MODULES, slots, NOON - MINUTE), 30 * SECOND);
});

test('a slot that a wrong clock stored far ahead blocks nothing: it counts as unknown', () => {
  const slots = { collector: NOON + 365 * 24 * 60 * MINUTE, prober: NOON + MINUTE + 1 };
  assert.deepEqual(
    unanchored(MODULES, slots, NOON).map(({ name }) => name),
    ['collector', 'prober'],
  );
  assert.deepEqual(dueNames(slots, NOON), []);
});

test('what no clock can have stored counts as unknown', () => {
  for (const slot of [Number.NaN, Number.POSITIVE_INFINITY, -1e300, -1, 0.5]) {
    assert.equal(unanchored(MODULES, { collector: slot, prober: NOON }, NOON).length, 1);
    assert.deepEqual(dueNames({ collector: slot, prober: NOON }, NOON), []);
    assert.ok(sleepMs(MODULES, { collector: slot, prober: NOON }, NOON) <= 30 * SECOND);
  }
});

test('slots are read as the modules own them: a module may be called constructor', () => {
  const odd = [moduleOf('constructor', [], MINUTELY)];
  assert.deepEqual(dueNames({}, NOON, odd), []);
  assert.deepEqual(
    unanchored(odd, {}, NOON).map(({ name }) => name),
    ['constructor'],
  );
});

test('the sleep ends when the first module is due, is 0 when one is, and never longer than 30 s', () => {
  const slots = { collector: NOON, prober: NOON + 10 * SECOND };
  assert.equal(sleepMs(MODULES, slots, NOON + 15 * SECOND), 25 * SECOND);
  assert.equal(sleepMs(MODULES, slots, NOON + 40 * SECOND), 0);
  assert.equal(sleepMs(MODULES, slots, NOON + 50 * SECOND), 0);
  assert.equal(sleepMs([moduleOf('yearly', [], cron('0 0 1 1 *'))], { yearly: NOON }, NOON), 30_000);
  assert.equal(sleepMs([], {}, NOON), 30 * SECOND);
  assert.equal(sleepMs([moduleOf('never', [], cron('0 0 30W 2 *'))], {}, NOON), 30_000);
});

test('a loop that sleeps and looks, on a clock that jumps about, gives each slot at most once and none too early', () => {
  const jump = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -50 * SECOND, max: 10 * MINUTE }) },
  );
  fc.assert(
    fc.property(fc.array(jump, { minLength: 1, maxLength: 60 }), jumps => {
      const slots: Record<string, number> = { collector: NOON, prober: NOON };
      const given = new Map<string, number>();
      let now = NOON;
      for (const by of jumps) {
        now += sleepMs(MODULES, slots, now) + by;
        for (const { module, slotMs } of dueModules(MODULES, slots, now)) {
          assert.ok(slotMs <= now && slotMs > (given.get(module) ?? 0));
          given.set(module, slotMs);
          slots[module] = slotMs;
        }
        assert.deepEqual(dueModules(MODULES, slots, now), []);
        if (unanchored(MODULES, slots, now).length > 0) return; // set back too far: begins anew
      }
    }),
  );
});
