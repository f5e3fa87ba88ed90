import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, fullMoment, moment, timeSpan } from '../../src/report/time.ts';
import { timeTicks } from '../../src/report/time-axis.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (text: string): number => Date.parse(text);

function ticks(from: string, to: string, timezone = 'UTC'): string[] {
  return timeTicks(at(from), at(to), timezone).map(({ text }) => text);
}

test('a week has a tick at each midnight of the zone', () => {
  const found = timeTicks(at('2026-11-13T12:00Z'), at('2026-11-20T12:00Z'), 'Europe/Berlin');
  assert.deepEqual(
    found.map(({ text }) => text),
    ['Sat 14', 'Sun 15', 'Mon 16', 'Tue 17', 'Wed 18', 'Thu 19', 'Fri 20'],
  );
  assert.equal(found[0]?.timeMs, at('2026-11-13T23:00Z'));
  assert.deepEqual(
    found.map(({ rank }) => rank),
    [0, 1, 0, 1, 0, 1, 0],
  );
});

test('hours, minutes and seconds fall on round times, and midnight is named by its day', () => {
  assert.deepEqual(ticks('2026-11-13T12:10Z', '2026-11-14T10:00Z'), [
    ...['15:00', '18:00', '21:00', '14 Nov', '03:00', '06:00', '09:00'],
  ]);
  assert.deepEqual(ticks('2026-11-13T12:01Z', '2026-11-13T12:31Z'), [
    ...['12:05', '12:10', '12:15', '12:20', '12:25', '12:30'],
  ]);
  assert.deepEqual(ticks('2026-11-13T12:00:01Z', '2026-11-13T12:00:04Z'), [
    '12:00:01',
    '12:00:02',
    '12:00:03',
    '12:00:04',
  ]);
});

test('months have their Mondays, years their firsts of months', () => {
  assert.deepEqual(ticks('2026-10-01T00:00Z', '2026-11-10T00:00Z'), [
    '5 Oct',
    '12 Oct',
    '19 Oct',
    '26 Oct',
    '2 Nov',
    '9 Nov',
  ]);
  assert.deepEqual(ticks('2026-06-10T00:00Z', '2027-03-02T00:00Z'), ['Jul', 'Sep', 'Nov', '2027', 'Mar']);
  assert.deepEqual(ticks('2020-06-10T00:00Z', '2026-03-02T00:00Z'), [
    '2021',
    '2022',
    '2023',
    '2024',
    '2025',
    '2026',
  ]);
});

test('midnights stay midnights when the clocks change', () => {
  const found = timeTicks(at('2026-10-23T00:00Z'), at('2026-10-28T00:00Z'), 'Europe/Berlin');
  assert.deepEqual(
    found.map(({ timeMs }) => new Date(timeMs).getUTCHours()),
    [22, 22, 23, 23, 23],
  );
});

test('there are never more than nine ticks, whatever the time', () => {
  for (let length = 1000; length < 40 * 365 * DAY_MS; length *= 1.7) {
    const found = timeTicks(
      at('2026-11-13T12:34:56Z'),
      at('2026-11-13T12:34:56Z') + length,
      'America/New_York',
    );
    assert.ok(found.length <= 9, `${found.length} ticks in ${length} ms`);
    assert.ok(found.length >= 1 || length < 2000, `no tick in ${length} ms`);
  }
});

test('moments and spans are in the zone', () => {
  const [from, to] = [at('2026-11-13T23:30Z'), at('2026-11-20T23:30Z')];
  assert.equal(moment(from, 'Europe/Berlin'), '14 Nov, 00:30');
  assert.equal(fullMoment(from, 'America/New_York'), '13 Nov 2026, 18:30');
  assert.equal(timeSpan(from, to, 'UTC'), '13 to 20 Nov 2026');
  assert.equal(timeSpan(from, at('2026-12-02T00:00Z'), 'UTC'), '13 Nov to 2 Dec 2026');
  assert.equal(timeSpan(from, at('2027-01-02T00:00Z'), 'UTC'), '13 Nov 2026 to 2 Jan 2027');
  assert.equal(timeSpan(from, from + HOUR_MS, 'UTC'), '13 Nov 2026, 23:30 to 14 Nov 2026, 00:30');
  assert.deepEqual([7 * DAY_MS, 36 * HOUR_MS, HOUR_MS, 60_000].map(duration), [
    '7 days',
    '36 hours',
    '60 minutes',
    '1 minute',
  ]);
});
