import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linear } from '../../src/forecast/linear.ts';
import { polynomial } from '../../src/forecast/polynomial.ts';
import { curveAt, robustCurve, timeOf } from '../../src/forecast/robust-curve.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { assertClose } from './close-to.ts';

const PLAIN = { period: null, seed: 1 };

function seriesOf(length: number, value: (at: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, at) => value(at));
}

test('a line is recovered and goes on', () => {
  const line = seriesOf(30, at => 2 + 0.5 * at);
  assertClose(linear.fit(line, PLAIN)?.forecast(line, 3), [17, 17.5, 18], 1e-6);
});

test('a line with a season is recovered and goes on', () => {
  const line = seriesOf(40, at => 2 + 0.5 * at + ([1, -3, 2, 0][at % 4] ?? 0));
  const told = linear.fit(line, { period: 4, seed: 1 })?.forecast(line, 5);
  assertClose(told, [23, 19.5, 25, 23.5, 25], 0.1);
});

test('outliers hardly pull on the line', () => {
  const random = seededRandom(3);
  const noisy = seriesOf(100, at => 3 + 0.1 * at + 0.05 * gaussian(random) + (at % 9 === 4 ? 40 : 0));
  assertClose(linear.fit(noisy, PLAIN)?.forecast(noisy, 2), [13, 13.1], 0.1);
});

test('a parabola is recovered', () => {
  const curve = robustCurve(
    seriesOf(21, at => 1 - 2 * at + 0.25 * at * at),
    2,
  );
  for (const at of [0, 7, 20, 25])
    assertClose([curveAt(curve, timeOf(at, 21))], [1 - 2 * at + 0.25 * at * at], 1e-5);
});

test('its first step counts whole, later ones less and less', () => {
  const parabola = seriesOf(21, at => at * at);
  const told = polynomial.fit(parabola, PLAIN)?.forecast(parabola, 500);
  assertClose([told?.[0] ?? 0], [441], 1e-4);
  assert.ok((told?.[99] ?? 0) < 70 ** 2, String(told?.[99]));
  assertClose([told?.[499] ?? 0], [70 ** 2], 5); // 20 and 50 steps in all
});

test('two, or seven, values are too few', () => {
  assert.equal(
    linear.fit(
      seriesOf(3, at => at),
      PLAIN,
    ),
    null,
  );
  assert.equal(
    polynomial.fit(
      seriesOf(7, at => at),
      PLAIN,
    ),
    null,
  );
});
