import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { bucketsOf } from '../../src/trend/buckets.ts';
import { trendOf } from '../../src/trend/trend.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK = { fromMs: 0, toMs: 7 * DAY_MS, bucketMs: HOUR_MS };

/** Four values an hour over a week. */
const times = Array.from({ length: 7 * 24 * 4 }, (_, index) => (index * HOUR_MS) / 4);

function noisy(level: (day: number) => number, seed = 1): number[] {
  const random = seededRandom(seed);
  return times.map(time => level(time / DAY_MS) * Math.exp(0.1 * gaussian(random)));
}

test('buckets hold the figures of their values, and those without one are there too', () => {
  const found = bucketsOf(
    [1, 2, 3, 10, 99, Number.NaN],
    [HOUR_MS, HOUR_MS + 1, HOUR_MS + 2, 3 * HOUR_MS, 4 * HOUR_MS, HOUR_MS],
    { fromMs: HOUR_MS, toMs: 4 * HOUR_MS, bucketMs: HOUR_MS },
  );
  assert.deepEqual(found, [
    { startMs: HOUR_MS, count: 3, mean: 2, p50: 2, p95: 2.9 },
    { startMs: 2 * HOUR_MS, count: 0, mean: null, p50: null, p95: null },
    { startMs: 3 * HOUR_MS, count: 1, mean: 10, p50: 10, p95: 10 },
  ]);
});

test('buckets begin at whole hours, and values outside of the window are left out', () => {
  const window = { fromMs: 1.5 * HOUR_MS, toMs: 2.5 * HOUR_MS, bucketMs: HOUR_MS };
  const found = bucketsOf([1, 2, 3, 4], [1.2 * HOUR_MS, 1.6 * HOUR_MS, 2.2 * HOUR_MS, 2.7 * HOUR_MS], window);
  assert.deepEqual(
    found.map(({ startMs, count }) => [startMs / HOUR_MS, count]),
    [
      [1, 1],
      [2, 1],
    ],
  );
});

test('a window without time and one with too many buckets are refused in words', () => {
  assert.throws(() => bucketsOf([], [], { ...WEEK, toMs: -1 }), { code: 'usage', message: /seven days/ });
  assert.throws(() => bucketsOf([], [], { ...WEEK, bucketMs: 1000 }), {
    code: 'usage',
    message: /give wider ones/,
  });
});

test('what rises rises by so much a day, what falls falls', () => {
  const rising = trendOf(
    noisy(day => 10 + day / 2),
    times,
    WEEK,
  );
  assert.equal(rising.direction, 'rising');
  assert.ok((rising.interval?.low ?? 9) < 0.5 && (rising.interval?.high ?? 0) > 0.5);
  assert.ok(Math.abs((rising.slopePerDay ?? 0) - 0.5) < 0.1);
  assert.ok(Math.abs((rising.changePercent ?? 0) - 30) < 6);
  assert.ok((rising.p ?? 1) < 1e-6);
  assert.equal(
    trendOf(
      noisy(day => 10 - day / 2),
      times,
      WEEK,
    ).direction,
    'falling',
  );
});

test('noise is flat, also where hours resemble each other', () => {
  let trends = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    let level = 0;
    const values = Array.from({ length: 168 }, () => {
      level = 0.7 * level + gaussian(random);
      return 100 + 5 * level;
    });
    const hours = values.map((_, hour) => hour * HOUR_MS);
    if (trendOf(values, hours, WEEK).direction !== 'flat') trends++;
  }
  assert.ok(trends <= 7, `${trends} of 60`);
});

test('gaps move nothing', () => {
  const isThere = (time: number): boolean => time < DAY_MS || time > 5 * DAY_MS;
  const values = noisy(day => 10 + day).filter((_, index) => isThere(times[index] ?? 0));
  const { direction, slopePerDay, buckets } = trendOf(values, times.filter(isThere), WEEK);
  assert.equal(direction, 'rising');
  assert.ok(Math.abs((slopePerDay ?? 0) - 1) < 0.1);
  assert.equal(buckets.length, 168);
});

test('more buckets than can be compared pair by pair are put together', () => {
  const { direction, slopePerDay } = trendOf(
    noisy(day => 10 + day),
    times,
    { ...WEEK, bucketMs: HOUR_MS / 4 },
  );
  assert.equal(direction, 'rising');
  assert.ok(Math.abs((slopePerDay ?? 0) - 1) < 0.1);
});

test('few buckets are too few, a change too small to matter is flat, equal values are flat', () => {
  assert.equal(trendOf([1, 2, 3], [0, HOUR_MS, 2 * HOUR_MS], WEEK).direction, 'too-few');
  assert.equal(trendOf([], [], WEEK).slopePerDay, null);
  const exact = times.map((_, index) => 1000 + index / 1000);
  assert.equal(trendOf(exact, times, WEEK).direction, 'flat');
  assert.equal(trendOf(exact, times, { ...WEEK, leastPercent: 0.01 }).direction, 'rising');
  assert.equal(
    trendOf(
      times.map(() => 0),
      times,
      WEEK,
    ).direction,
    'flat',
  );
});
