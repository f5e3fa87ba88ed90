import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from '../../src/stats/quantile.ts';
import { quantileOfPlaces, sortedPlaces } from '../../src/stats/quantile-of-places.ts';
import { fc } from '../helpers/properties.ts';

test('it is the quantile of the values at those places, ties and repeats included', () => {
  const sample = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(sample, fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), share, (values, draws, p) => {
      const { sorted, places } = sortedPlaces(values);
      const drawn = Float64Array.from(draws, draw => places[draw % places.length] ?? 0);
      const expected = quantile(
        draws.map(draw => values[draw % values.length] ?? 0),
        p,
      );
      assert.ok(Math.abs(quantileOfPlaces(sorted, drawn, p) - (expected ?? Number.NaN)) < 1e-9);
    }),
  );
});

test('a sample keeps its order in its places', () => {
  assert.deepEqual(sortedPlaces([3, 1, 2, 1]), {
    sorted: Float64Array.of(1, 1, 2, 3),
    places: Float64Array.of(3, 0, 2, 1),
  });
});
