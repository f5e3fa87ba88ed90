import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changePoint } from '../../src/detect/change-point.ts';
import { DETECTION } from '../supervise/played.ts';

for (const [before, after] of [
  [10, 15],
  [-10, -5],
  [-5, -10],
] as const) {
  test(`a shift from ${before} to ${after} is told with both levels`, () => {
    const model = changePoint.begin({ ...DETECTION, period: null, rule: { ...DETECTION, floor: 0 } }, 1);
    const shifts = Array.from({ length: 60 }, (_, index) => {
      const level = index < 40 ? before : after;
      return model.next({ timeMs: null, values: [level + 0.1 * Math.sin(7 * index)] }).shift;
    }).filter(shift => shift !== null);
    assert.equal(shifts.length, 1);
    assert.ok(Math.abs((shifts[0]?.before ?? 0) - before) < 0.2);
    assert.ok(Math.abs((shifts[0]?.after ?? 0) - after) < 0.2);
  });
}
