import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunEvents } from '../../src/detect/run-events.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { fc } from '../helpers/properties.ts';
import { eventsOf, noise, type Told } from './series.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

function equal(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value);
}

function brief(events: readonly Told[]): unknown[] {
  return events.map(({ at, kind, direction }) => [at, kind, direction]);
}

test('a shift of +10 % at 3 % of noise is found within 15 runs, with its size and since when', () => {
  const found = SEEDS.flatMap(seed => {
    const events = eventsOf([...noise(seed, 100, 0.43, 3), ...noise(seed + 100, 16, 0.473, 3)]);
    return events.filter(({ at, kind }) => at >= 100 && kind === 'shift').slice(0, 1);
  });
  assert.ok(found.length >= 19, `${found.length} of 20`);
  for (const { at, beganAgo, direction, before, sizePercent } of found) {
    assert.ok(Math.abs(at - (beganAgo ?? 0) - 100) <= 3);
    assert.equal(direction, 'above');
    assert.ok(Math.abs((before ?? 0) - 0.43) < 0.01);
    assert.ok(Math.abs((sizePercent ?? 0) - 10) < 6, `${sizePercent}`);
  }
});

test('a large shift is told with its whole size, though its first values are held back as outliers', () => {
  const shifts = eventsOf([...noise(1, 100, 1, 3), ...noise(2, 20, 2, 3)]).filter(
    ({ kind }) => kind === 'shift',
  );
  assert.equal(shifts.length, 1);
  assert.ok(Math.abs((shifts[0]?.sizePercent ?? 0) - 100) < 15, `${shifts[0]?.sizePercent}`);
  assert.ok(Math.abs((shifts[0]?.before ?? 0) - 1) < 0.02);
});

test('a spike is one event, and the value after it is none', () => {
  for (const seed of SEEDS) {
    const values = [...noise(seed, 100, 5, 3), 10, ...noise(seed + 100, 1, 5, 3)];
    const events = eventsOf(values).filter(({ at }) => at >= 100);
    assert.deepEqual(brief(events), [[100, 'spike', 'above']], `seed ${seed}`);
    assert.equal(events[0]?.beganAgo, 0);
  }
});

test('there are few false episodes in noise of any width, with two modes, and in a season once it is known', () => {
  const random = seededRandom(7);
  const cases: Record<string, (seed: number) => number[]> = {
    narrow: seed => noise(seed, 400, 1, 3),
    wide: seed => noise(seed, 400, 1, 30),
    'two modes': seed => noise(seed, 400, 1, 3).map(value => (random() < 0.25 ? value * 1.18 : value)),
    season: seed =>
      noise(seed, 400, 1, 3).map((value, index) => value * (1 + 0.15 * Math.sin((2 * Math.PI * index) / 24))),
  };
  for (const [what, series] of Object.entries(cases)) {
    const events = SEEDS.flatMap(seed => eventsOf(series(seed)).filter(({ at }) => at >= 100));
    assert.ok(events.length <= 8, `${what}: ${events.length} in 6,000 runs`);
  }
});

test('a shift shows beside two modes, and beside a season', () => {
  const random = seededRandom(8);
  const modes = noise(1, 200, 1, 3).map(value => (random() < 0.25 ? value * 1.18 : value));
  const daily = noise(2, 200, 1, 3).map(
    (value, at) => value * (1 + 0.15 * Math.sin((2 * Math.PI * at) / 24)),
  );
  for (const values of [modes, daily]) {
    const shifted = values.map((value, at) => (at < 150 ? value : value * 1.3));
    const events = eventsOf(shifted).filter(({ at, kind }) => at >= 150 && at <= 165 && kind === 'shift');
    assert.ok(events.length >= 1);
    assert.ok(
      (events[0]?.sizePercent ?? 0) > 15 && (events[0]?.sizePercent ?? 0) < 60,
      `${events[0]?.sizePercent}`,
    );
  }
});

test('a new level shows beside one without any noise', () => {
  for (const level of [1320, 1248, 600]) {
    const events = eventsOf([...equal(100, 1200), ...equal(30, level)]).filter(
      ({ kind }) => kind === 'shift',
    );
    assert.equal(events.length, 1, `${level}`);
    assert.ok((events[0]?.at ?? 999) <= 104);
    assert.equal((events[0]?.at ?? 0) - (events[0]?.beganAgo ?? 0), 100);
    assert.ok(Math.abs((events[0]?.sizePercent ?? 0) - (level / 12 - 100)) < 1e-6);
  }
});

test('what has always been 0 and is 5 from now on is a shift; a lone 5 is a spike', () => {
  const shift = eventsOf([...equal(100, 0), ...equal(30, 5)]).find(({ kind }) => kind === 'shift');
  assert.deepEqual([shift?.before, shift?.sizePercent, shift?.direction], [0, null, 'above']);
  assert.ok((shift?.at ?? 999) <= 104);
  const spike = eventsOf([...equal(100, 0), 5, ...equal(100, 0)]);
  assert.deepEqual(brief(spike), [[100, 'spike', 'above']]);
});

test('a shift that goes back is two shifts', () => {
  const values = [...noise(1, 100, 1, 3), ...noise(2, 30, 1.5, 3), ...noise(3, 60, 1, 3)];
  const shifts = eventsOf(values).filter(({ kind }) => kind === 'shift');
  assert.deepEqual(
    shifts.map(({ direction }) => direction),
    ['above', 'below'],
  );
  assert.ok(shifts.every(({ at }, index) => at >= 100 + 30 * index && at <= 106 + 30 * index));
});

test('two shifts close together are both found', () => {
  const values = [...noise(1, 100, 1, 3), ...noise(2, 12, 1.5, 3), ...noise(3, 60, 2.5, 3)];
  const shifts = eventsOf(values).filter(({ kind }) => kind === 'shift');
  assert.deepEqual(
    shifts.map(({ direction }) => direction),
    ['above', 'above'],
  );
});

test('a spike that comes again and again is news at first only', () => {
  const values = noise(1, 600, 1, 3).map((value, at) => (at % 20 === 19 ? 2 * value : value));
  const events = eventsOf(values);
  assert.ok(events.length >= 1 && events.length <= 6, `${events.length}`);
  assert.ok(events.every(({ at }) => at < 300));
});

test('missing values keep their place: a shift is counted in observations, and a season keeps its phase', () => {
  const random = seededRandom(3);
  const shifted = [...noise(1, 100, 1, 3), null, null, 1.5, null, 1.51, null, 1.49, 1.5];
  const shift = eventsOf(shifted).find(({ kind }) => kind === 'shift');
  assert.equal((shift?.at ?? 0) - (shift?.beganAgo ?? 0), 102);
  const daily = noise(2, 1200, 1, 3).map((value, at) =>
    random() < 0.1 ? null : value * (1 + 0.5 * Math.sin((2 * Math.PI * at) / 24)),
  );
  assert.ok(eventsOf(daily).filter(({ at }) => at >= 200).length <= 2);
});

test('a period that is wrong does no harm', () => {
  const events = SEEDS.flatMap(seed => eventsOf(noise(seed, 400, 1, 3), 7));
  assert.ok(events.length <= 8, `${events.length} in 8,000 runs`);
  assert.equal(eventsOf([...noise(1, 100, 1, 3), ...noise(2, 20, 1.5, 3)], 10_000).at(-1)?.kind, 'shift');
});

test('a value that is 0 or less is judged as the others are, by distances instead of percent', () => {
  const values = [...noise(1, 100, 10, 3), 0, ...noise(2, 50, 10, 3), ...noise(3, 20, 15, 3)];
  const events = eventsOf(values);
  assert.deepEqual(brief(events.slice(0, 1)), [[100, 'spike', 'below']]);
  const shift = events.find(({ kind }) => kind === 'shift');
  assert.ok((shift?.at ?? 0) >= 151 && Math.abs((shift?.sizePercent ?? 0) - 50) < 6);
});

test('the first five values are never an event, and nothing is expected of them', () => {
  const detector = new RunEvents(null);
  for (const value of [1, 900, -3, 0, 1e9]) {
    const { event, expected, spikeStrength } = detector.next(value);
    assert.deepEqual([event, expected, spikeStrength], [false, null, null]);
  }
  assert.notEqual(detector.next(1).expected, null);
});

const ANY = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0.9, max: 1.1, noNaN: true }) },
  fc.double(),
  fc.constantFrom(
    null,
    0,
    -0,
    1,
    -1,
    5e-324,
    1e-308,
    1e99,
    -1e99,
    1e308,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
);

test('whatever comes, no number that it gives is NaN or infinite', () => {
  fc.assert(
    fc.property(fc.array(ANY, { maxLength: 120 }), fc.constantFrom(null, 2, 7), (values, period) => {
      const detector = new RunEvents(period);
      for (const value of values) {
        const { before, sizePercent, expected, shiftStrength, spikeStrength } = detector.next(value);
        for (const number of [before, sizePercent, ...(expected ?? []), shiftStrength, spikeStrength]) {
          assert.ok(number === null || Number.isFinite(number), `${number}`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('it takes no longer, and forgets what is old, when it goes on for long', () => {
  const values = noise(1, 20_000, 1, 3).map((value, at) => value * (at % 40 < 20 ? 1 : 1.5));
  const late = eventsOf([...values, ...noise(2, 1000, 7, 3)]);
  const other = eventsOf([...noise(3, 20_000, 1, 3), ...noise(2, 1000, 7, 3)]);
  const last = (events: readonly Told[]): unknown[] => brief(events.filter(({ at }) => at > 20_850));
  assert.deepEqual(last(late), last(other));
});
