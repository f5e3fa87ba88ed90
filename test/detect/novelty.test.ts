import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginNovelty } from '../../src/detect/novelty.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const NOTHING_ORDINARY = [0, 0];

function distancesOf(values: readonly number[], ordinary = NOTHING_ORDINARY): ([number, number] | null)[] {
  const novelty = beginNovelty();
  return values.map(value => {
    const found = novelty.next(value, ordinary);
    return found === null ? null : [found[0] ?? 0, found[1] ?? 0];
  });
}

/** The definition: the smallest weighted distance of the last eight values to any eight before. */
function slow(values: readonly number[], last: number, scale: number): number {
  const weights = Array.from({ length: 8 }, (_, age) => Math.exp(-age / scale));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let least = Number.POSITIVE_INFINITY;
  for (let end = Math.max(8, last - 4000); end < last; end++) {
    const squares = weights.map((weight, age) => {
      return (weight / sum) * ((values[last - age] ?? 0) - (values[end - age] ?? 0)) ** 2;
    });
    least = Math.min(
      least,
      squares.reduce((total, square) => total + square, 0),
    );
  }
  return Math.sqrt(least);
}

test('the distances are those of the definition', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 9000 }, () => gaussian(random));
  const found = distancesOf([...Array.from({ length: 8 }, () => 1e9), ...values]).slice(8);
  for (const last of [60, 400, 3999, 4100, 8200, 8999]) {
    const [short, long] = found[last] ?? [0, 0];
    assert.ok(Math.abs(short - slow(values, last, 1)) < 1e-9, `short at ${last}`);
    assert.ok(Math.abs(long - slow(values, last, 2)) < 1e-9, `long at ${last}`);
  }
});

test('what is near enough to be ordinary may come out as any size up to that, the rest stays exact', () => {
  const random = seededRandom(4);
  const values = Array.from({ length: 2000 }, () => gaussian(random));
  const exact = distancesOf(values);
  distancesOf(values, [0.2, 0.3]).forEach((quick, index) => {
    const [short, long] = exact[index] ?? [0, 0];
    if (quick === null) return;
    if (short > 0.2 || long > 0.3) assert.deepEqual(quick, [short, long]);
    else assert.ok(quick[0] <= 0.2 && quick[1] <= 0.3);
  });
});

test('a season is new only once, and there is nothing to say of the first values', () => {
  const season = Array.from({ length: 240 }, (_, index) => Math.sin((2 * Math.PI * (index % 24)) / 24));
  const distances = distancesOf(season);
  assert.equal(distances[0], null);
  assert.ok((distances[5]?.[0] ?? 0) > 0.05);
  distances.slice(40).forEach(found => {
    assert.ok((found?.[1] ?? 1) < 1e-6);
  });
});
