import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankingOf } from '../../src/comparison/ranking.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

function noisy(level: number, seed: number, length = 40): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => level * Math.exp(0.05 * gaussian(random)));
}

test('groups are ranked against the best, with what is not to be told from it', () => {
  const { groups, differences, p } = rankingOf(
    [
      { name: 'slow', values: noisy(2, 1) },
      { name: 'fast', values: noisy(1, 2) },
      { name: 'as fast', values: noisy(1.01, 3) },
    ],
    { metric: 'runtimeSeconds' },
  );
  assert.equal(groups.at(-1)?.name, 'slow');
  assert.deepEqual(
    groups.map(({ place }) => place),
    ['best', 'as-good', 'worse'],
  );
  assert.ok(Math.abs((groups[2]?.ratio ?? 0) - 2) < 0.1);
  assert.ok((groups[2]?.interval?.low ?? 0) > 1.9 && (groups[2]?.interval?.high ?? 9) < 2.1);
  assert.ok((groups[1]?.interval?.low ?? 9) < 1 && (groups[1]?.interval?.high ?? 0) > 1);
  assert.deepEqual([groups[0]?.ratio, groups[0]?.interval, groups[0]?.p], [1, null, null]);
  assert.deepEqual(
    differences.map(({ better, worse }) => [better === 'slow', worse]),
    [
      [false, 'slow'],
      [false, 'slow'],
    ],
  );
  assert.ok((p ?? 1) < 1e-9);
});

test('for quality more is better', () => {
  const { groups } = rankingOf(
    [
      { name: 'poor', values: noisy(0.5, 1) },
      { name: 'good', values: noisy(0.9, 2) },
    ],
    { metric: 'accuracy' },
  );
  assert.deepEqual(
    groups.map(({ name, place }) => [name, place]),
    [
      ['good', 'best'],
      ['poor', 'worse'],
    ],
  );
  assert.ok((groups[1]?.ratio ?? 9) < 0.7);
});

test('equal groups seldom differ, however many there are', () => {
  let alarms = 0;
  for (let check = 0; check < 40; check++) {
    const groups = Array.from({ length: 6 }, (_, index) => ({
      name: `${index}`,
      values: noisy(1, 100 + 10 * check + index, 20),
    }));
    if (rankingOf(groups).differences.length > 0) alarms++;
  }
  assert.ok(alarms <= 5, `${alarms} of 40`); // 2 expected at most
});

test('groups with too few runs come last and are never the best', () => {
  const { groups } = rankingOf([
    { name: 'one run', values: [0.1] },
    { name: 'none', values: [] },
    { name: 'many', values: noisy(1, 4) },
  ]);
  assert.deepEqual(
    groups.map(({ name, place, ratio }) => [name, place, ratio]),
    [
      ['many', 'best', 1],
      ['one run', 'too-few', null],
      ['none', 'too-few', null],
    ],
  );
  assert.equal(groups[2]?.median, null);
});

test('one group, none, and zeros are ranked too', () => {
  assert.deepEqual(rankingOf([]), { groups: [], differences: [], p: null });
  assert.equal(rankingOf([{ name: 'a', values: noisy(1, 1) }]).groups[0]?.place, 'best');
  const zeros = rankingOf([
    { name: 'a', values: [0, 0, 0, 0] },
    { name: 'b', values: [0, 0, 0, 0] },
  ]);
  assert.deepEqual(
    zeros.groups.map(({ place, ratio }) => [place, ratio]),
    [
      ['best', 1],
      ['as-good', null],
    ],
  );
});
