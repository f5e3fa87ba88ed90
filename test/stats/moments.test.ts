import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinMoments, momentsOf, NO_MOMENTS } from '../../src/stats/moments.ts';
import { fc } from '../helpers/properties.ts';

const joined = (values: number[]) => values.map(momentsOf).reduce(joinMoments, NO_MOMENTS);

test('moments of joined values are those of all values', () => {
  // Variance of 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sum of squares 32 (the textbook example of the standard deviation).
  assert.deepEqual(joined([2, 4, 4, 4, 5, 5, 7, 9]), { count: 8, mean: 5, squares: 32, min: 2, max: 9 });
});

test('nothing joined with nothing stays nothing', () => {
  assert.deepEqual(joinMoments(NO_MOMENTS, NO_MOMENTS), { ...NO_MOMENTS });
  assert.deepEqual(joinMoments(NO_MOMENTS, momentsOf(3)), momentsOf(3));
});

test('a small spread beside a large mean is not lost', () => {
  const { squares } = joined([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
  assert.equal(squares / 3, 30); // the variance of 4, 7, 13, 16: Chan, Golub and LeVeque's example
});

test('how values are grouped does not matter', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      const [apart, together] = [joinMoments(joined(a), joined(b)), joined([...a, ...b])];
      assert.equal(apart.count, together.count);
      assert.ok(Math.abs(apart.mean - together.mean) <= 1e-9 * 1e6);
      assert.ok(Math.abs(apart.squares - together.squares) <= 1e-6 * (1 + together.squares));
    }),
  );
});
