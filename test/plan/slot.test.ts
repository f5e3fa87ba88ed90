import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schedule } from '../../src/glossary/settings.ts';
import { latestSlot, nextSlot } from '../../src/plan/slot.ts';
import { fc } from '../helpers/properties.ts';
import { reference, slotsByWalking } from './clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function cron(expression: string, timezone = 'UTC'): Schedule {
  return { kind: 'cron', expression, timezone };
}

function at(text: string): number {
  return Date.parse(text);
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z');
}

/** All slots in (from, until], by going from one to the next. */
function slotsIn(schedule: Schedule, from: number, until: number): number[] {
  const slots: number[] = [];
  let slot = nextSlot(schedule, from);
  while (slot !== null && slot <= until) {
    slots.push(slot);
    slot = nextSlot(schedule, slot);
  }
  return slots;
}

function slotsBetween(expression: string, timezone: string, from: string, until: string): (string | null)[] {
  return slotsIn(cron(expression, timezone), at(from), at(until)).map(iso);
}

test('an interval has its slots at whole distances from the last one, whatever the calendar says', () => {
  const every: Schedule = { kind: 'every', intervalMs: 30_000 };
  assert.equal(latestSlot(every, 1_000, 30_999), null);
  assert.equal(latestSlot(every, 1_000, 31_000), 31_000);
  assert.equal(latestSlot(every, 1_000, 100_000), 91_000);
  assert.equal(nextSlot(every, 91_000), 121_000);
});

test('a slot is given when it is reached, not before, and never again', () => {
  const hourly = cron('0 * * * *');
  const noon = at('2026-11-20T12:00:00Z');
  assert.equal(latestSlot(hourly, noon - HOUR, noon - 1), null);
  assert.equal(latestSlot(hourly, noon - HOUR, noon), noon);
  assert.equal(latestSlot(hourly, noon, noon), null);
  assert.equal(latestSlot(hourly, noon, noon + HOUR - 1), null);
  assert.equal(nextSlot(hourly, noon - 1), noon);
  assert.equal(nextSlot(hourly, noon), noon + HOUR);
});

test('after a clock that went back there is no slot until it has caught up', () => {
  const now = at('2026-11-20T12:00:00Z');
  assert.equal(latestSlot(cron('* * * * *'), now + MINUTE, now), null);
  assert.equal(latestSlot({ kind: 'every', intervalMs: 1000 }, now + MINUTE, now), null);
});

test('fixed times that the spring leaves out are made up for together, at the first moment after the gap', () => {
  const berlin = (expression: string) =>
    slotsBetween(expression, 'Europe/Berlin', '2026-03-28T23:30:00Z', '2026-03-29T02:30:00Z');
  // 02:00 to 03:00 was left out; 03:00 summer time is 01:00 UTC
  assert.deepEqual(berlin('30 2 * * *'), ['2026-03-29T01:00Z']);
  assert.deepEqual(berlin('0,15,30 2 * * *'), ['2026-03-29T01:00Z']);
  assert.deepEqual(berlin('30 1,2,3 * * *'), ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z']);
  assert.deepEqual(berlin('0 2,3 * * *'), ['2026-03-29T01:00Z']);
  assert.deepEqual(berlin('*/30 * * * *'), [
    '2026-03-29T00:00Z',
    '2026-03-29T00:30Z',
    '2026-03-29T01:00Z',
    '2026-03-29T01:30Z',
    '2026-03-29T02:00Z',
    '2026-03-29T02:30Z',
  ]);
  assert.deepEqual(berlin('30 */2 * * *'), ['2026-03-29T02:30Z']);
  assert.deepEqual(
    slotsBetween('30 2 * * 0', 'Europe/Berlin', '2026-03-22T12:00:00Z', '2026-04-06T00:00:00Z'),
    ['2026-03-29T01:00Z', '2026-04-05T00:30Z'],
  );
});

test('fixed times that the autumn shows twice have their slot in the first pass, wildcards in both', () => {
  const berlin = (expression: string) =>
    slotsBetween(expression, 'Europe/Berlin', '2026-10-24T23:30:00Z', '2026-10-25T02:30:00Z');
  // 02:00 to 03:00 came at 00:00 UTC in summer time and at 01:00 UTC again
  assert.deepEqual(berlin('30 2 * * *'), ['2026-10-25T00:30Z']);
  assert.deepEqual(berlin('0,30 2,3 * * *'), [
    '2026-10-25T00:00Z',
    '2026-10-25T00:30Z',
    '2026-10-25T02:00Z',
    '2026-10-25T02:30Z',
  ]);
  assert.deepEqual(berlin('30 * * * *'), ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z']);
  assert.deepEqual(berlin('*/20 2 * * *').length, 6);
});

test('a second pass that is asked about by itself is still the second', () => {
  const halfPastTwo = cron('30 2 * * *', 'Europe/Berlin');
  const [second, after] = [at('2026-10-25T01:00:00Z'), at('2026-10-25T02:00:00Z')];
  assert.equal(latestSlot(halfPastTwo, second, after), null);
  assert.equal(iso(nextSlot(halfPastTwo, second)), '2026-10-26T01:30Z');
});

test('a change at midnight, one of half an hour and a day that a zone left out are all followed', () => {
  // Sao Paulo went from 24:00 to 01:00 on 2018-11-04 (03:00 UTC)
  assert.deepEqual(
    slotsBetween('0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00:00Z', '2018-11-05T12:00:00Z'),
    ['2018-11-04T03:00Z', '2018-11-05T02:00Z'],
  );
  // Lord Howe goes from 02:00 to 02:30
  assert.deepEqual(
    slotsBetween('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', '2026-10-04T20:00:00Z'),
    ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
  );
  // Samoa had no 30 December 2011
  assert.deepEqual(
    slotsBetween('0 9 * * *', 'Pacific/Apia', '2011-12-28T20:00:00Z', '2012-01-01T00:00:00Z'),
    ['2011-12-29T19:00Z', '2011-12-30T10:00Z', '2011-12-30T19:00Z', '2011-12-31T19:00Z'],
  );
});

test('rare dates are found at once, dates that never come end the search', () => {
  const now = at('2026-11-20T12:00:00Z');
  assert.equal(iso(nextSlot(cron('0 0 29 2 *', 'Europe/Berlin'), now)), '2028-02-28T23:00Z');
  assert.equal(iso(latestSlot(cron('0 0 29 2 *'), 0, now)), '2024-02-29T00:00Z');
  assert.equal(iso(nextSlot(cron('0 12 * 2 1#5'), now)), '2044-02-29T12:00Z');
  assert.equal(iso(nextSlot(cron('0 12 * 2 1#5'), at('2072-03-01T00:00:00Z'))), '2112-02-29T12:00Z');
  assert.equal(nextSlot(cron('0 0 30W 2 *', 'Europe/Berlin'), now), null);
  assert.equal(latestSlot(cron('0 0 L-30 2 *'), 0, now), null);
  assert.equal(latestSlot(cron('0 0 1 1 *'), 0, 1000), null);
});

test('a jump of a year or of fifty costs about as much as one of a minute', () => {
  const now = at('2026-11-20T12:00:00Z');
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York'];
  const expressions = ['* * * * * *', '* * * * *', '0 0 29 2 *', '30 2 L * *', '0 0 30W 2 *', '0 9 * 1 1#5'];
  const start = performance.now();
  for (const zone of zones) {
    for (const expression of expressions) {
      for (const after of [now - MINUTE, now - 366 * DAY, 0]) {
        latestSlot(cron(expression, zone), after, now);
        nextSlot(cron(expression, zone), after);
      }
    }
  }
  // 108 searches; second by second each would take seconds. Generous, for a busy machine.
  assert.ok(performance.now() - start < 108 * 100);
});

// ---- against node-cron's own matching ----------------------------------------------------------------------

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Nuuk',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Pacific/Chatham',
];
/** Moments near which one of the zones changes its clock, and some at which none does. */
const MOMENTS = [
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-03-08T07:00:00Z',
  '2026-11-01T06:00:00Z',
  '2026-03-08T05:00:00Z',
  '2026-11-01T05:00:00Z',
  '2026-10-03T15:30:00Z',
  '2026-04-04T15:00:00Z',
  '2026-02-15T02:00:00Z',
  '2026-03-22T02:00:00Z',
  '2028-02-29T12:00:00Z',
  '2026-12-31T23:59:00Z',
].map(at);

const listOf = (...values: string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }).map(each => each.join(','));
const minute = fc.oneof(
  fc.constantFrom('*', '*/7', '*/30', '0', '30'),
  listOf('0', '5', '13', '20-25', '45', '50-10', '59'),
);
const hour = fc.oneof(
  fc.constantFrom('*', '*/2', '*/5', '2', '0-23'),
  listOf('0', '1', '2', '3', '22-1', '23', '12'),
);
const day = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: fc.constantFrom('?', 'L', '*/2', '25-8', 'LW', '1W,15', 'L-2,29') },
);
const month = fc.constantFrom('*', '*', '*', 'mar,oct,nov', '2-4', '*/5');
const weekday = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: fc.constantFrom('?', 'sun', '7', 'sat-mon', '0L', '7#5', 'fri#1,sun', '5-7') },
);
const expression = fc.tuple(minute, hour, day, month, weekday).map(fields => fields.join(' '));

test('in every zone the slots are those of a walk through the minutes, forwards and backwards', () => {
  let count = 0;
  fc.assert(
    fc.property(
      expression,
      fc.constantFrom(...ZONES),
      fc.constantFrom(...MOMENTS),
      fc.integer({ min: -480, max: 480 }),
      (text, zone, moment, shift) => {
        const from = moment + shift * MINUTE;
        const until = from + 10 * HOUR;
        const expected = slotsByWalking(text, zone, from, until, MINUTE);
        count += expected.length;
        assert.deepEqual(slotsIn(cron(text, zone), from, until).map(iso), expected.map(iso));
        assert.deepEqual(slotsBackIn(cron(text, zone), from, until).map(iso), expected.map(iso));
      },
    ),
    { numRuns: 120 },
  );
  assert.ok(count > 500, `only ${count} slots: the expressions are too rare to prove anything`);
});

/** All slots in (from, until], by asking again and again which one was the latest before. */
function slotsBackIn(schedule: Schedule, from: number, until: number): number[] {
  const slots: number[] = [];
  let slot = latestSlot(schedule, from, until);
  while (slot !== null) {
    slots.unshift(slot);
    slot = latestSlot(schedule, from, slot - 1);
  }
  return slots;
}

test('a wildcard expression has a slot exactly where node-cron matches in the zone itself', () => {
  const wildcard = fc
    .tuple(minute, fc.constantFrom('*', '*/2', '*/3'), day, weekday)
    .map(([a, b, c, d]) => `${a} ${b} ${c} * ${d}`);
  fc.assert(
    fc.property(wildcard, fc.constantFrom(...ZONES), fc.constantFrom(...MOMENTS), (text, zone, moment) => {
      const matches = reference(text, zone);
      const expected: number[] = [];
      for (let time = moment - 4 * HOUR + MINUTE; time <= moment + 4 * HOUR; time += MINUTE) {
        if (matches(time)) expected.push(time);
      }
      assert.deepEqual(slotsIn(cron(text, zone), moment - 4 * HOUR, moment + 4 * HOUR), expected);
    }),
    { numRuns: 80 },
  );
});

test('six fields give slots to the second', () => {
  const second = fc.oneof(fc.constantFrom('*', '*/20', '0'), listOf('0', '7', '30-33', '58-2'));
  fc.assert(
    fc.property(
      second,
      fc.constantFrom('*', '0', '59,0', '*/2'),
      fc.constantFrom(...MOMENTS),
      (s, m, moment) => {
        const text = `${s} ${m} * * * *`;
        const matches = reference(text, 'Europe/Berlin');
        const from = moment - 150 * SECOND;
        const expected: number[] = [];
        for (let time = from + SECOND; time <= from + 300 * SECOND; time += SECOND) {
          if (matches(time)) expected.push(time);
        }
        assert.deepEqual(slotsIn(cron(text, 'Europe/Berlin'), from, from + 300 * SECOND), expected);
      },
    ),
    { numRuns: 30 },
  );
});

test('a day of the month and a day of the week: either is enough, unless one of them is a wildcard', () => {
  const days = (text: string): string[] =>
    slotsIn(cron(text), at('2026-11-01T00:00:00Z'), at('2026-11-30T23:59:00Z')).map(slot =>
      new Date(slot).toISOString().slice(8, 10),
    );
  assert.deepEqual(days('0 12 13 * 1'), ['02', '09', '13', '16', '23', '30']);
  assert.deepEqual(days('0 12 13 * *'), ['13']);
  assert.deepEqual(days('0 12 * * 1'), ['02', '09', '16', '23', '30']);
  assert.deepEqual(days('0 12 */2 * 1'), ['09', '23']);
});

test('every way to name days gives the days that node-cron matches, over four years', () => {
  const days = [
    'L',
    'LW',
    'lw',
    'L-1',
    'L-29',
    '1W',
    '15W',
    '30W',
    '31W',
    '31',
    '*/10',
    '28-3',
    '1,L',
    '?',
    '29',
  ];
  const weekdays = [
    '*',
    '1',
    '7',
    '0',
    '5L',
    '7L',
    '0l',
    'friL',
    '1#1',
    '5#5',
    '7#3',
    'mon-fri',
    'sat-mon',
    '*/3',
    '2,4#2',
    '5-7',
    'Sunday',
  ];
  const pairs = [
    ...days.map(each => [each, '*']),
    ...weekdays.map(each => ['*', each]),
    ['L', '5'],
    ['1-7', '1'],
  ];
  for (const [dayOfMonth, dayOfWeek] of pairs) {
    const text = `0 12 ${dayOfMonth} * ${dayOfWeek}`;
    const matches = reference(text, 'UTC');
    const first = at('2025-01-01T12:00:00Z');
    const noons = Array.from({ length: 4 * 365 + 1 }, (_, index) => first + index * DAY);
    const expected = noons.filter(matches);
    assert.deepEqual(slotsIn(cron(text), first - 1, first + 4 * 365 * DAY).map(iso), expected.map(iso), text);
  }
});

test('from any moment the next slot is after it, the latest before the next is not, and each is found both ways', () => {
  const anytime = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
  fc.assert(
    fc.property(expression, fc.constantFrom(...ZONES), anytime, (text, zone, moment) => {
      const schedule = cron(text, zone);
      const next = nextSlot(schedule, moment);
      if (next === null) return;
      assert.ok(next > moment);
      assert.equal(latestSlot(schedule, moment, next), next);
      assert.equal(latestSlot(schedule, moment, next - 1), null);
      assert.equal(latestSlot(schedule, next, next), null);
    }),
    { numRuns: 500 },
  );
});
