import assert from 'node:assert/strict';
import { test } from 'node:test';
import { believedMs, type ClockNotes, clockSeen } from '../../src/store/clock-notes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
const START_MS = Date.UTC(2026, 10, 20, 12);

interface Life {
  /** What the clock showed, and what it should have shown. */
  shownMs: number;
  trueMs: number;
}

/** Lives of `watchkeeper once`, so many days apart; the clock is off by so much in some of them. */
function lives(count: number, everyDays: number, offMs: (life: number) => number = () => 0): Life[] {
  return Array.from({ length: count }, (_, life) => {
    const trueMs = START_MS + life * everyDays * DAY_MS;
    return { trueMs, shownMs: trueMs + offMs(life) };
  });
}

/** By which time each of them removes what is too old, in days before the true one; null where it removes nothing. */
function daysBehind(all: readonly Life[], calmMs = DAY_MS): (number | null)[] {
  let notes: ClockNotes | null = null;
  return all.map(({ shownMs, trueMs }) => {
    notes = clockSeen(notes, shownMs);
    const believed = believedMs(notes, shownMs, calmMs);
    return believed === null ? null : (trueMs - believed) / DAY_MS;
  });
}

test('used once a week, the clock is believed four weeks later, and used once a month four months later', () => {
  assert.deepEqual(daysBehind(lives(8, 7)), [null, null, null, null, 28, 28, 28, 28]);
  assert.deepEqual(daysBehind(lives(7, 31)), [null, null, null, null, 124, 124, 124]);
  assert.deepEqual(daysBehind(lives(6, 0.99)).slice(4), [4 * 0.99, 4 * 0.99], 'each day, to the minute');
});

test('used all the time, it is believed as it is, from the first day on', () => {
  const hours = lives(30, 1 / 24);
  const behind = daysBehind(hours);
  assert.ok(behind.slice(0, 24).every(days => days === null));
  assert.ok(behind.slice(24).every(days => days === 0));
  assert.equal(daysBehind(hours, HOUR_MS)[1], 0, 'where less is at stake, after an hour');
});

test('a pause is not told from a jump: for a day what was seen before it is believed', () => {
  const weekend = [...lives(48, 1 / 24), ...lives(30, 1 / 24).map(life => shifted(life, 4 * DAY_MS))];
  const behind = daysBehind(weekend);
  assert.deepEqual([behind[47], behind[48], behind[72]], [0, 4, 0]);
  assert.ok(isNeverAhead(behind));
});

const shifted = ({ shownMs, trueMs }: Life, byMs: number): Life => ({
  shownMs: shownMs + byMs,
  trueMs: trueMs + byMs,
});

test('one life in which the clock is ahead costs nothing, then or later, whatever the amount', () => {
  for (const everyDays of [0.25, 1, 7, 31])
    for (const offMs of [2 * DAY_MS, YEAR_MS, 30 * YEAR_MS]) {
      const behind = daysBehind(lives(20, everyDays, life => (life === 8 ? offMs : 0)));
      assert.ok(isNeverAhead(behind), `every ${everyDays} days, ahead by ${offMs / DAY_MS}: ${behind}`);
      assert.ok(behind.at(-1) !== null, 'and it is believed again');
    }
});

test('nor do several lives in a row, or each second one', () => {
  for (const everyDays of [0.5, 1, 7, 31]) {
    const inARow = daysBehind(lives(20, everyDays, life => (life >= 8 && life < 12 ? YEAR_MS : 0)));
    assert.ok(isNeverAhead(inARow), `every ${everyDays} days: ${inARow}`);
    assert.ok(inARow.at(-1) !== null);
    const flapping = daysBehind(lives(40, everyDays, life => (life % 2 === 1 ? YEAR_MS : 0)));
    assert.ok(isNeverAhead(flapping), `every ${everyDays} days: ${flapping}`);
  }
});

test('nor does a clock that begins in 1970, in one life or in several', () => {
  for (const wrong of [1, 4, 6]) {
    const behind = daysBehind(
      lives(30, 7, life => (life >= 8 && life < 8 + wrong ? -START_MS - 8 * 7 * DAY_MS : 0)),
    );
    assert.ok(isNeverAhead(behind), String(behind));
    assert.equal(behind.at(-1), 28, 'and it is believed again');
  }
});

/** Whether nothing was removed by a time that was not there yet. */
function isNeverAhead(behind: readonly (number | null)[]): boolean {
  return behind.every(days => days === null || days >= 0);
}

test('small steps back are no news, and many looks in a moment are one', () => {
  const at = (...minutes: number[]): ClockNotes =>
    minutes.reduce<ClockNotes | null>(
      (notes, minute) => clockSeen(notes, START_MS + minute * 60_000),
      null,
    ) ?? assert.fail();
  assert.deepEqual(at(0, 1, 2, -30, 59), at(0));
  assert.deepEqual(at(0, 60).looksMs, [START_MS]);
  assert.deepEqual(at(0, 720).looksMs, [START_MS, START_MS + 12 * HOUR_MS]);
});
