import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleSize, secondSampleSize } from '../../src/stats/sample-size.ts';

const T_TEST = { difference: 1, noise: 1, power: 0.8, alpha: 0.05, efficiency: 1 };

test('two samples of a t-test have the published sizes', () => {
  // Cohen, "Statistical Power Analysis for the Behavioral Sciences", table 2.4.1, and R's power.t.test:
  // effects of 0.2, 0.5, 0.8 and 1 standard deviation need 393 (394 by R), 64, 26 and 17 each for a power of 0.8
  assert.equal(sampleSize({ ...T_TEST, difference: 0.2 }), 394);
  assert.equal(sampleSize({ ...T_TEST, difference: 0.5 }), 64);
  assert.equal(sampleSize({ ...T_TEST, difference: 0.8 }), 26);
  assert.equal(sampleSize(T_TEST), 17);
  assert.equal(sampleSize({ ...T_TEST, power: 0.9 }), 22); // R: 22.02 each; here 21.97
});

test('a rank test needs a little more, and the unit does not matter', () => {
  assert.equal(sampleSize({ ...T_TEST, difference: 0.5, efficiency: 3 / Math.PI }), 67);
  assert.equal(sampleSize({ ...T_TEST, difference: 50, noise: 100 }), 64);
});

test('against a number or a large reference fewer are needed, against a small one perhaps none would do', () => {
  assert.equal(secondSampleSize(T_TEST, Number.POSITIVE_INFINITY), 9); // 7.85 + 0.96, as R's one-sample 9.94 without its second-order term
  assert.equal(secondSampleSize(T_TEST, 17), 16);
  assert.equal(secondSampleSize(T_TEST, 100), 10);
  assert.equal(secondSampleSize(T_TEST, 7), null);
});

test('no noise needs two, no difference has no answer', () => {
  assert.equal(sampleSize({ ...T_TEST, noise: 0 }), 2);
  assert.equal(sampleSize({ ...T_TEST, difference: 0 }), null);
  assert.equal(sampleSize({ ...T_TEST, difference: 0, noise: 0 }), null);
});
