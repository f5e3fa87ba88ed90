import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wilson } from '../../src/stats/wilson.ts';

test('intervals are the published ones', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
  for (const [successes, trials, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const found = wilson(successes, trials, 0.05);
    assert.ok(Math.abs(found.low - low) < 5e-5 && Math.abs(found.high - high) < 5e-5, JSON.stringify(found));
  }
});

test('no trials say nothing, and the ends stay within 0 and 1', () => {
  assert.deepEqual(wilson(0, 0, 0.05), { low: 0, high: 1 });
  const all = wilson(3, 3, 0.05);
  assert.ok(all.high <= 1 && all.low > 0.4);
});
