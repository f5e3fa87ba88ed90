import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalFromT } from '../../src/stats/normal-from-t.ts';

/** Two-sided critical values as in any table of Student's t, with the normal ones in the last row. */
const TABLE: Record<number, [at05: number, at01: number, at001: number]> = {
  3: [3.182, 5.841, 12.924],
  4: [2.776, 4.604, 8.61],
  5: [2.571, 4.032, 6.869],
  10: [2.228, 3.169, 4.587],
  20: [2.086, 2.845, 3.85],
  30: [2.042, 2.75, 3.646],
  120: [1.98, 2.617, 3.373],
};
const NORMAL = [1.96, 2.576, 3.291] as const;

for (const [degrees, row] of Object.entries(TABLE)) {
  test(`critical values of t with ${degrees} degrees of freedom are as rare as those of the normal distribution`, () => {
    row.forEach((t, column) => {
      const normal = normalFromT(t, Number(degrees));
      const tooSmall = (NORMAL[column] ?? 0) - normal;
      assert.ok(tooSmall > -0.001 && tooSmall < (Number(degrees) < 10 ? 0.07 : 0.01), `${t}: ${normal}`);
    });
  });
}

test('it keeps the sign and the order, and 0 is 0', () => {
  assert.equal(normalFromT(-2.776, 4), -normalFromT(2.776, 4));
  assert.equal(normalFromT(0, 4), 0);
  const rising = [1e-9, 0.1, 1, 10, 1e10, 1e100].map(t => normalFromT(t, 5));
  assert.deepEqual(
    rising.toSorted((a, b) => a - b),
    rising,
  );
});

test('it is finite for any finite number', () => {
  for (const t of [1e160, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE]) {
    assert.ok(Number.isFinite(normalFromT(t, 5)));
  }
});
