import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findModes } from '../../../src/detect/events/modes.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

function mixture(seed: number, share: number, distance: number, count = 200): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => (random() < share ? distance : 0) + gaussian(random));
}

test('two modes that are mixed in time are found, with their centres', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const modes = findModes(mixture(seed, 0.25, 6));
    assert.ok(modes !== null);
    assert.ok(Math.abs(modes.low) < 0.3 && Math.abs(modes.high - 6) < 0.5, JSON.stringify(modes));
  }
});

test('a change of level is no mixture, though its values are the same ones', () => {
  const values = mixture(1, 0.25, 6).sort();
  assert.equal(findModes(values), null);
});

test('plain noise has one mode', () => {
  const found = Array.from({ length: 50 }, (_, seed) => findModes(mixture(seed + 1, 0, 0)));
  assert.deepEqual(
    found.filter(modes => modes !== null),
    [],
  );
});

test('a few outliers, equal values and few values make no modes', () => {
  const outliers = mixture(1, 0, 0);
  outliers[50] = 20;
  outliers[150] = 20;
  assert.equal(findModes(outliers), null);
  assert.equal(findModes(new Float64Array(100).fill(5)), null);
  assert.equal(findModes(new Float64Array(100)), null);
  assert.equal(findModes(mixture(1, 0.5, 9, 19)), null);
});
