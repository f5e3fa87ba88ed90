import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tailChange } from '../../src/regression/tail-change.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

function noisy(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => 10 * Math.exp(0.1 * gaussian(random)));
}

test('the p95 changed by what was put in, and the interval holds it', () => {
  const [reference, recent] = [noisy(300, 1), noisy(200, 2).map(value => value * 1.2)];
  const found = tailChange(reference, recent);
  assert.deepEqual([found?.reference, found?.recent], [quantile(reference, 0.95), quantile(recent, 0.95)]);
  assert.ok(Math.abs((found?.changePercent ?? 0) - 20) < 6, `${found?.changePercent}`);
  const { low = 99, high = 0 } = found?.intervalPercent ?? {};
  assert.ok(low > 5 && low < 20 && high > 20 && high < 35, `${low} to ${high}`);
});

test('a tail that grew is seen, though the middle stayed', () => {
  const recent = noisy(150, 4).map((value, index) => (index % 10 === 0 ? value * 3 : value));
  assert.ok((tailChange(noisy(300, 3), recent)?.intervalPercent?.low ?? 0) > 50);
});

test('of too few runs, of runs that are worth fewer, and against what has no runs there is none', () => {
  assert.equal(tailChange(noisy(200, 1), noisy(99, 2)), null);
  assert.equal(tailChange(noisy(99, 1), noisy(200, 2)), null);
  const alike = noisy(30, 3).flatMap(value => [value, value, value, value]);
  assert.equal(tailChange(noisy(200, 1), alike), null);
  assert.equal(tailChange(10, noisy(200, 2)), null);
  assert.equal(tailChange({ n: 200, mean: 10, standardDeviation: 1 }, noisy(200, 2)), null);
});

test('a reference of 0 has no percent; what is not finite is passed over; the newest values count', () => {
  const zero = tailChange(new Array(200).fill(0), noisy(200, 1));
  assert.deepEqual([zero?.changePercent, zero?.intervalPercent], [null, null]);
  const reference = noisy(200, 1);
  const recent = noisy(500, 2);
  const mixed = [...new Array(200).fill(1e6), Number.NaN, ...recent, Number.POSITIVE_INFINITY];
  assert.deepEqual(tailChange(reference, mixed), tailChange(reference, recent));
});
