import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginNamedForest } from '../../../src/detect/forest/named.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { normalRows } from './rows.ts';

const NAMES = ['runtimeSeconds', 'cpuPercent', 'memoryMb'];

/** Runs at 10, 100 and 1,000, with a variation of a tenth. */
function runs(count: number, seed: number): Map<string, number>[] {
  return normalRows(count, 3, seededRandom(seed)).map(
    row => new Map(row.map((value, at) => [NAMES[at] ?? '', 10 ** (at + 1) * (1 + value / 10)])),
  );
}

test('the metric that is off has the largest part in the vote', () => {
  const forest = beginNamedForest({});
  for (const run of runs(200, 1)) forest.next(run);
  for (const [at, name] of NAMES.entries()) {
    const odd = new Map(NAMES.map((each, place) => [each, 10 ** (place + 1) * (place === at ? 3 : 1)]));
    const { score, shares } = forest.next(odd);
    assert.ok((score ?? 0) > 0.5);
    assert.ok((shares?.get(name) ?? 0) > 0.8, JSON.stringify([...(shares ?? [])]));
    assert.ok(Math.abs([...(shares?.values() ?? [])].reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  }
  assert.deepEqual(forest.next(new Map(NAMES.map((name, at) => [name, 10 ** (at + 1)]))).shares, null);
});

test('a metric that comes later is taken in, with what is known of the others', () => {
  const forest = beginNamedForest({});
  const history = runs(120, 2);
  for (const run of history.slice(0, 60)) forest.next(new Map([...run].slice(0, 2)));
  assert.deepEqual(forest.metrics(), NAMES.slice(0, 2));
  const [first = new Map(), ...others] = history.slice(60);
  assert.ok((forest.next(first).score ?? 1) < 0.5);
  assert.deepEqual(forest.metrics(), NAMES);
  for (const run of others) forest.next(run);
  assert.ok((forest.next(new Map([...first, ['memoryMb', 5000]])).score ?? 0) > 0.5);
  assert.equal(forest.trained()?.forest.features, 3);
});

test('of a lone metric it says nothing', () => {
  const forest = beginNamedForest({});
  for (const run of runs(20, 3)) assert.equal(forest.next(new Map([...run].slice(0, 1))).score, null);
  assert.equal(forest.trained(), null);
});

test('metrics without end are not all looked at', () => {
  const forest = beginNamedForest({ trees: 4, sampleSize: 8 });
  for (let run = 0; run < 100; run += 1)
    forest.next(
      new Map([
        ['a', 1],
        [`made up ${run}`, run],
      ]),
    );
  assert.equal(forest.metrics().length, 50);
});

test('values of a metric that is new, or comes now and then, are usual soon', () => {
  for (const every of [1, 4]) {
    const forest = beginNamedForest({});
    const votes = runs(400, 4).map((run, at) =>
      forest.next(at > 60 && at % every === 0 ? run : new Map([...run].slice(0, 2))),
    );
    const unusual = votes.filter(({ score }) => (score ?? 0) >= 0.5).length;
    assert.ok(unusual <= 6, `every ${every}: ${unusual}`);
  }
});

test('a forest that learned its runs at once judges like one that learned them one by one', () => {
  const [oneByOne, atOnce] = [beginNamedForest({}), beginNamedForest({})];
  const history = runs(300, 6);
  for (const run of history) oneByOne.next(run);
  atOnce.learn(history.slice(0, 100));
  atOnce.learn(history.slice(100));
  assert.deepEqual(atOnce.metrics(), NAMES);
  for (const [at, name] of NAMES.entries()) {
    const [usual, odd] = [1, 3].map(
      factor =>
        new Map([...(runs(1, 7)[0] ?? [])].map(([key, value]) => [key, value * (key === name ? factor : 1)])),
    );
    for (const forest of [oneByOne, atOnce]) {
      assert.ok((forest.next(usual ?? new Map()).score ?? 1) < 0.5, `${at} usual`);
      assert.ok((forest.next(odd ?? new Map()).score ?? 0) > 0.5, `${at} odd`);
    }
  }
});
