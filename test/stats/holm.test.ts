import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holm } from '../../src/stats/holm.ts';

function near(found: number[], expected: number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((p, index) => {
    assert.ok(Math.abs(p - (expected[index] ?? 0)) < 1e-12, `${found}`);
  });
}

test('p values are adjusted as by R, in the order given', () => {
  near(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
  // The example of Wikipedia's article on the Holm-Bonferroni method
  near(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
});

test('none exceeds 1, one stays as it is, none gives none', () => {
  near(holm([0.9, 0.8]), [1, 1]);
  near(holm([0.2]), [0.2]);
  near(holm([]), []);
});
