import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitSeason, seasonAt } from '../../../src/detect/events/harmonics.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

/** Least squares as it is written: normal equations over every value, solved by Gauss and Jordan. */
function direct(values: readonly number[], first: number, period: number, harmonics: number): number[] {
  const row = (index: number): number[] =>
    Array.from({ length: 2 * harmonics }, (_, part) => {
      const angle = (2 * Math.PI * index * ((part >> 1) + 1)) / period;
      return part % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    });
  const rows = values.flatMap((value, index) =>
    Number.isNaN(value) ? [] : [{ waves: row(first + index), value }],
  );
  const size = 2 * harmonics;
  const system = Array.from({ length: size }, (_, p) => [
    ...Array.from({ length: size }, (_, q) =>
      rows.reduce((sum, { waves }) => sum + (waves[p] ?? 0) * (waves[q] ?? 0), 0),
    ),
    rows.reduce((sum, { waves, value }) => sum + (waves[p] ?? 0) * value, 0),
  ]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const scale = system[pivot]?.[pivot] ?? 1;
    const line = (system[pivot] ?? []).map(each => each / scale);
    system.forEach((other, index) => {
      const factor = other[pivot] ?? 0;
      system[index] = index === pivot ? line : other.map((each, at) => each - factor * (line[at] ?? 0));
    });
  }
  return Array.from({ length: period }, (_, place) =>
    row(place).reduce((sum, wave, part) => sum + wave * (system[part]?.[size] ?? 0), 0),
  );
}

const random = seededRandom(1);
const NOISE = Array.from({ length: 150 }, () => gaussian(random));

for (const [what, values] of [
  ['all values', NOISE],
  ['a third of the values missing', NOISE.map((value, index) => (index % 3 === 1 ? Number.NaN : value))],
] as const) {
  test(`folding by the place in the cycle gives what a direct least squares gives: ${what}`, () => {
    for (const [first, period, harmonics] of [
      [0, 24, 2],
      [17, 24, 6],
      [1003, 7, 3],
    ] as const) {
      const season = fitSeason(Float64Array.from(values), first, period, harmonics);
      const expected = direct(values, first, period, harmonics);
      expected.forEach((each, place) => {
        assert.ok(Math.abs((season.pattern[place] ?? Number.NaN) - each) < 1e-6, `${period}: ${place}`);
      });
    }
  });
}

test('a season is read by the number of the observation', () => {
  const season = { period: 3, harmonics: 1, pattern: Float64Array.of(1, 2, 3) };
  assert.deepEqual(
    [0, 1, 2, 3, 301].map(index => seasonAt(season, index)),
    [1, 2, 3, 1, 2],
  );
});
