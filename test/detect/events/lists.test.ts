import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flat, unflat } from '../../../src/detect/events/lists.ts';
import { RunEvents } from '../../../src/detect/run-events.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { fc } from '../../helpers/properties.ts';
import { noise } from '../series.ts';

test('lists of numbers come back from their one list as they went in', () => {
  const lists = fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1 });
  fc.assert(
    fc.property(lists, given => {
      assert.deepEqual(
        unflat(flat(given), given.length)?.map(list => [...list]),
        given,
      );
    }),
  );
  assert.deepEqual([...flat([[1, 2], []])], [2, 1, 2, 0]);
});

test('what is not so many lists of numbers is told from them', () => {
  for (const numbers of [[], [1], [2, 1], [-1], [0.5, 1], [1, Number.NaN], [0, 0], [Number.NaN]]) {
    assert.equal(unflat(Float64Array.from(numbers), 1), null, JSON.stringify(numbers));
  }
});

/** Everything that is remembered: shifts, spikes, two modes, a season, values below 0, missing ones. */
const SERIES: Record<string, (number | null)[]> = {
  shifts: [...noise(1, 150, 1, 3), ...noise(2, 120, 1.2, 3), ...noise(3, 640, 1, 3)],
  spikes: noise(4, 300, 5, 10).map((value, index) => (index % 31 === 30 ? 3 * value : value)),
  'two modes': noise(5, 300, 1, 2).map((value, index) => (index % 4 === 0 ? value * 1.3 : value)),
  season: noise(6, 900, 9, 3).map((value, index) => value * (1 + 0.2 * Math.sin((2 * Math.PI * index) / 12))),
  'below zero': noise(7, 200, 1, 40).map((value, index) => (index < 20 ? value : value - 1)),
  'with gaps': noise(8, 250, 1, 3).map((value, index) => (index % 9 === 4 ? null : value)),
  constant: noise(9, 100, 1, 0),
};

for (const [name, values] of Object.entries(SERIES)) {
  test(`events that were saved anywhere go on exactly as if they had not been: ${name}`, () => {
    const random = seededRandom(9);
    const whole = new RunEvents(null);
    let parted = new RunEvents(null);
    values.forEach((value, index) => {
      if (random() < 0.1) {
        const saved = parted.save();
        parted = new RunEvents(null);
        assert.equal(parted.restore(saved), true, `at ${index}`);
        assert.deepEqual(parted.save(), saved);
      }
      assert.deepEqual(parted.next(value), whole.next(value), `at ${index}`);
    });
  });
}

test('numbers that were never saved are refused, or do no harm', () => {
  const events = new RunEvents(null);
  for (const value of SERIES['season'] ?? []) events.next(value);
  const saved = events.save();
  const anywhere = fc.record({
    at: fc.nat(saved.length - 1),
    to: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-1, 0, 1e9, 1e300, 2 ** 53)),
  });
  fc.assert(
    fc.property(anywhere, ({ at, to }) => {
      const other = new RunEvents(null);
      other.restore(saved.with(at, to));
      for (let more = 0; more < 3; more += 1) other.next(9);
    }),
    { numRuns: 300 },
  );
});
