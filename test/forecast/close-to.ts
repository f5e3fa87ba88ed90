import assert from 'node:assert/strict';

/** Asserts that each number is within `tolerance` of what was expected. */
export function assertClose(
  actual: ArrayLike<number> | null | undefined,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  assert.equal(actual?.length, expected.length);
  for (const [index, value] of Array.from(expected).entries()) {
    const found = actual?.[index] ?? Number.NaN;
    assert.ok(Math.abs(found - value) <= tolerance, `number ${index}: ${found}, not ${value}`);
  }
}
