import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { honestP, strictAlpha } from '../../src/stats/serial-evidence.ts';
import { serialInflation } from '../../src/stats/serial-inflation.ts';

function autoregressive(correlation: number, length: number, seed: number): number[] {
  const random = seededRandom(seed);
  let level = gaussian(random);
  return Array.from({ length }, () => {
    level = correlation * level + Math.sqrt(1 - correlation ** 2) * gaussian(random);
    return level;
  });
}

test('a long autoregression has the factor that is known for it', () => {
  // (1 + r) / (1 - r), with the correlation of ranks 6 / pi asin(r / 2), which is a little smaller (Pearson, 1907)
  for (const [correlation, expected] of [
    [0, 1],
    [0.5, 2.866],
    [0.8, 8.34],
  ] as const) {
    const found = serialInflation([autoregressive(correlation, 20_000, 3)]);
    assert.ok(Math.abs(found / expected - 1) < 0.1, `${correlation}: ${found}`);
  }
});

test('levels of the pieces do not count as correlation', () => {
  const pieces = [autoregressive(0, 5_000, 1), autoregressive(0, 5_000, 2).map(value => value + 100)];
  assert.ok(serialInflation(pieces) < 1.1);
});

test('values that alternate, are equal, or are very few, count as independent', () => {
  assert.equal(serialInflation([Array.from({ length: 50 }, (_, index) => index % 2)]), 1);
  assert.equal(serialInflation([Array.from({ length: 50 }, () => 7)]), 1);
  assert.equal(serialInflation([[1, 2, 3], [4]]), 1);
  assert.equal(serialInflation([[]]), 1);
});

test('an honest p is the larger one, and the strict level leads back to the level', () => {
  const evidence = { count: 70, inflation: 3 };
  assert.ok(honestP(0.01, evidence) > 0.1);
  assert.equal(honestP(0.01, { count: 70, inflation: 1 }), 0.01);
  assert.equal(honestP(1, evidence), 1);
  assert.ok(Math.abs(honestP(strictAlpha(0.05, evidence), evidence) - 0.05) < 1e-4);
  assert.equal(strictAlpha(0.05, { count: 70, inflation: 1 }), 0.05);
  assert.ok(honestP(0, evidence) < 1e-20);
});
