import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginReplay } from '../../src/detect/replay.ts';
import { fc } from '../helpers/properties.ts';
import { DETECTION } from '../supervise/played.ts';
import { noise } from './series.ts';

const QUIET = noise(1, 120, 5, 3);

test('the row speaks of the column in which something happens', () => {
  for (const column of [0, 1, 2]) {
    const replay = beginReplay(DETECTION, ['a', 'b', 'c']);
    const verdicts = QUIET.map((_, at) =>
      replay.next(
        [0, 1, 2].map(each => (QUIET[(at + each) % 120] ?? 0) * (at === 100 && each === column ? 2 : 1)),
        null,
      ),
    );
    assert.deepEqual([verdicts[100]?.event, verdicts[100]?.column], [true, column]);
  }
});

test('of two events the surer one counts, and without any the higher score', () => {
  const replay = beginReplay(DETECTION, ['a', 'b']);
  for (let at = 0; at < 100; at += 1) replay.next([QUIET[at] ?? 0, QUIET[at] ?? 0], null);
  const { column, event } = replay.next([5 * 1.2, 5 * 3], null);
  assert.deepEqual([event, column], [true, 1]);
});

test('afterwards it tells where the level changed for good, with the column', () => {
  const replay = beginReplay(DETECTION, ['a', 'b']);
  QUIET.forEach((value, at) => void replay.next([value, value * (at < 60 ? 1 : 2)], null));
  const changes = replay.changePoints();
  assert.deepEqual(
    changes.map(({ column }) => column),
    [1],
  );
  assert.ok(Math.abs((changes[0]?.index ?? 0) - 60) <= 1);
});

test('a row with too few values lacks the rest', () => {
  const replay = beginReplay(DETECTION, ['a', 'b']);
  assert.equal(replay.next([], null).event, false);
  assert.equal(replay.next([null, null], null).score, 0);
});

test('each row is judged by those before it alone', () => {
  const value = fc.oneof(fc.double({ min: 0.9, max: 1.1, noNaN: true }), fc.constantFrom(null, 0, 9, -1e308));
  const rows = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 60 });
  const replayed = (given: readonly (readonly (number | null)[])[]): unknown[] => {
    const replay = beginReplay(DETECTION, ['a', 'b']);
    return given.map((row, index) => replay.next(row, index * 1000));
  };
  fc.assert(
    fc.property(rows, fc.nat(), (given, pick) => {
      const length = 1 + (pick % (given.length - 1));
      assert.deepEqual(replayed(given.slice(0, length)), replayed(given).slice(0, length));
    }),
    { numRuns: 40 },
  );
});

test('changes below the floor of a column of that name are no events', () => {
  const eventsWith = (floors: Record<string, number>): number => {
    const replay = beginReplay({ ...DETECTION, floors }, ['latency']);
    return QUIET.filter((value, at) => replay.next([value * (at < 60 ? 1 : 2)], null).event).length;
  };
  assert.ok(eventsWith({}) > 0);
  assert.ok(eventsWith({ latency: 4 }) > 0);
  assert.equal(eventsWith({ latency: 20 }), 0);
});
