import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scaled, scalingOf } from '../../../src/detect/lstm/scaling.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

test('of normal noise the scale is the standard deviation, also with a tenth of wild values', () => {
  const random = seededRandom(5);
  const values = Array.from({ length: 4_000 }, () => 50 + 3 * gaussian(random));
  const clean = scalingOf(values);
  assert.ok(Math.abs(clean.centre - 50) < 0.2 && Math.abs(clean.scale - 3) < 0.15);
  const wild = scalingOf(values.map((value, index) => (index % 20 === 0 ? 1e6 : value)));
  assert.ok(Math.abs(wild.centre - 50) < 0.5 && Math.abs(wild.scale - 3) < 0.5);
});

test('two modes are part of the usual range', () => {
  const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 118 : 100));
  assert.ok(scalingOf(values).scale >= 9);
});

test('a metric that hardly or never changes, and none at all, have a scale above 0', () => {
  const rarely = Array.from({ length: 100 }, (_, index) => (index === 50 ? 7 : 5));
  assert.deepEqual(scalingOf(rarely), { centre: 5, scale: 0.2 });
  assert.deepEqual(scalingOf([20, 20, 20]), { centre: 20, scale: 1 });
  assert.deepEqual(scalingOf([0, 0, 0]), { centre: 0, scale: 1 });
  assert.deepEqual(scalingOf([]), { centre: 0, scale: 1 });
  for (const values of [[1e308, -1e308], [5e-324, 0, 5e-324], [Number.MAX_VALUE]]) {
    const { centre, scale } = scalingOf(values);
    assert.ok(Number.isFinite(centre) && scale > 0 && Number.isFinite(scale), String(values));
  }
});

test('values are held within ten scales, and a missing one is the usual one', () => {
  const scaling = { centre: 10, scale: 2 };
  assert.deepEqual(
    [12, 7, 1e9, -1e9, 1e308, null, undefined, Number.NaN].map(value => scaled(value, scaling)),
    [1, -1.5, 10, -10, 10, 0, 0, 0],
  );
});
