import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchInflation } from '../../src/stats/batch-inflation.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

function noise(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => gaussian(random));
}

test('a slow rhythm under noise makes the level of a batch as uncertain as it is', () => {
  // A sine of amplitude 1 and noise of deviation 1: the means of 10 vary by 1/2 + 1/10, single values by 3/2; 10 times 0.6 / 1.5 is 4
  const values = noise(20_000, 1).map((each, index) => each + Math.sin((2 * Math.PI * index) / 1000));
  const found = batchInflation(values, 10, 1);
  assert.ok(Math.abs(found / 4 - 1) < 0.1, `${found}`);
});

test('independent values stay at what was supposed, in 99 of 100 histories', () => {
  let raised = 0;
  for (let seed = 1; seed <= 300; seed++) if (batchInflation(noise(200, seed), 10, 1) > 1) raised++;
  assert.ok(raised <= 10, `${raised} of 300`);
});

test('what is supposed already is not counted twice', () => {
  const values = noise(2_000, 3).map((each, index) => each + Math.sin((2 * Math.PI * index) / 1000));
  assert.equal(batchInflation(values, 10, 6), 6);
});

test('few batches, single values and equal values say nothing', () => {
  assert.equal(batchInflation(noise(70, 4), 10, 1.5), 1.5);
  assert.equal(batchInflation(noise(70, 4), 1, 1.5), 1.5);
  assert.equal(batchInflation(noise(70, 4), 0, 1.5), 1.5);
  assert.equal(
    batchInflation(
      noise(200, 4).map(() => 7),
      10,
      1,
    ),
    1,
  );
});
