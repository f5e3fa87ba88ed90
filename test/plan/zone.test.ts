import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetAt, stretches } from '../../src/plan/zone.ts';
import { fc } from '../helpers/properties.ts';
import { localClock } from './clock.ts';

test('the offset is what the zone shows less what UTC shows, in every zone at any time since 1900', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const clocks = new Map<string, (utcMs: number) => number>();
  const times = fc.integer({ min: Date.UTC(1900, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 });
  fc.assert(
    fc.property(fc.constantFrom(...zones, 'UTC', 'Etc/GMT+12', '+05:30'), times, (zone, seconds) => {
      const clock = clocks.get(zone) ?? localClock(zone);
      clocks.set(zone, clock);
      assert.equal(offsetAt(zone, seconds * 1000), clock(seconds * 1000) - seconds * 1000);
    }),
    { numRuns: 2000 },
  );
});

test('stretches meet one another, fill the whole time, and change exactly where the zone does', () => {
  const from = Date.UTC(2026, 0, 1);
  const to = Date.UTC(2027, 0, 1);
  assert.deepEqual(stretches('Europe/Berlin', from, to), [
    { fromMs: from, toMs: Date.UTC(2026, 2, 29, 1), offsetMs: 3_600_000 },
    { fromMs: Date.UTC(2026, 2, 29, 1), toMs: Date.UTC(2026, 9, 25, 1), offsetMs: 7_200_000 },
    { fromMs: Date.UTC(2026, 9, 25, 1), toMs: to, offsetMs: 3_600_000 },
  ]);
  assert.deepEqual(stretches('UTC', from, to), [{ fromMs: from, toMs: to, offsetMs: 0 }]);
});

test('a zone that does not exist is an error', () => {
  assert.throws(() => offsetAt('Mars/Olympus', 0), RangeError);
});
