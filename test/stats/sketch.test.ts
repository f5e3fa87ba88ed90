import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { packedQuantiles, Sketch } from '../../src/stats/sketch.ts';
import { fc } from '../helpers/properties.ts';

function sketchOf(values: readonly number[]): Sketch {
  const sketch = new Sketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

/** The value at the rank, without interpolation. */
function exact(values: readonly number[], p: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(p * (values.length - 1))] ?? Number.NaN;
}

test('a quantile is within 1 % of the value at its rank, whatever the values are', () => {
  const value = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(0), fc.integer());
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, p) => {
        const [found, true_] = [sketchOf(values).quantile(p) ?? Number.NaN, exact(values, p)];
        assert.ok(Math.abs(found - true_) <= 0.0100001 * Math.abs(true_) + 1e-12, `${found} for ${true_}`);
      },
    ),
  );
});

test('two sketches joined are the sketch of all values', () => {
  const random = seededRandom(5);
  const values = Array.from({ length: 1000 }, () => Math.exp(gaussian(random)));
  const joined = sketchOf(values.slice(0, 300));
  joined.join(sketchOf(values.slice(300)));
  for (const p of [0, 0.05, 0.5, 0.95, 1]) assert.equal(joined.quantile(p), sketchOf(values).quantile(p));
});

test('a sketch comes back from its bytes, and takes some two of them for a bucket', () => {
  const sketch = sketchOf(Array.from({ length: 100 }, (_, index) => (index - 10) / 7));
  const bytes = sketch.pack();
  assert.ok(bytes.length < 300, `${bytes.length} bytes`);
  const back = Sketch.unpack(bytes);
  for (const p of [0, 0.1, 0.3, 0.9, 1]) assert.equal(back?.quantile(p), sketch.quantile(p));
});

test('quantiles of the bytes are those of the sketch', () => {
  const value = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(0), fc.integer());
  const shares = [0, 0.05, 0.5, 0.95, 1];
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), values => {
      const sketch = sketchOf(values);
      assert.deepEqual(
        packedQuantiles(sketch.pack(), shares),
        shares.map(share => sketch.quantile(share)),
      );
    }),
  );
});

test('bytes that are no sketch are no sketch, and never end in a hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
      const sketch = Sketch.unpack(bytes);
      assert.ok(sketch === null || sketch instanceof Sketch);
      if (sketch === null) assert.deepEqual(packedQuantiles(bytes, [0.5]), [null]);
    }),
  );
  assert.equal(Sketch.unpack(Uint8Array.from([0, 255, 255, 255, 255, 255, 127, 1])), null);
});

test('without values there is no quantile', () => {
  assert.equal(new Sketch().quantile(0.5), null);
});

test('a set that spans all magnitudes stays small, and its upper quantiles right', () => {
  const values = Array.from({ length: 10_000 }, (_, index) => 1e-11 * 1.003 ** index);
  const sketch = sketchOf([...values, ...values.map(value => value * 1e10)]);
  assert.ok(sketch.pack().length < 10_000);
  const top = Math.max(...values) * 1e10;
  assert.ok(Math.abs((sketch.quantile(1) ?? 0) / top - 1) < 0.011);
});
