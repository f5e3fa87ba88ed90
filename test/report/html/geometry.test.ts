import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisOf, scaleOf } from '../../../src/report/html/geometry.ts';
import type { Column } from '../../../src/report/thin.ts';
import { emptyMetric } from '../sample-metrics.ts';

const columns = (values: number[]): Column[] =>
  values.map((value, index) => ({ timeMs: index, middle: value, low: value, high: value, p95: null }));
const usual = Array.from({ length: 200 }, (_, index) => 10 + (index % 5));

test('places lie on the square; what is outside of the axis or no number lies on its edge', () => {
  const scale = scaleOf({ low: 0, high: 10, ticks: [] }, { fromMs: 100, toMs: 300 });
  assert.deepEqual([scale.x(100), scale.x(200), scale.x(300), scale.x(999)], [0, 500, 1000, 1000]);
  assert.deepEqual([scale.y(10), scale.y(2.5), scale.y(-7), scale.y(Number.NaN)], [0, 750, 1000, 0]);
  assert.deepEqual([scale.isOutside(10), scale.isOutside(10.1)], [false, true]);
});

test('a few far values do not flatten the others: the axis ends before them', () => {
  const axis = axisOf(emptyMetric('rows'), columns([...usual, 5000]));
  assert.ok(axis.high < 20, `the axis ends at ${axis.high}`);
});

test('values that are not far away are all within the axis', () => {
  const axis = axisOf(emptyMetric('rows'), columns([...usual, 18]));
  assert.ok(axis.high >= 18 && axis.low <= 10);
});

test('the band and the forecast are within the axis, and so is a limit that is near', () => {
  const report = {
    ...emptyMetric('rows'),
    baseline: { timesMs: [0], low: [8], high: [16] },
    limit: { value: 19, name: 'most' },
  };
  const near = axisOf(report, columns(usual));
  assert.ok(near.low <= 8 && near.high >= 19);
  const far = axisOf({ ...report, limit: { value: 4000, name: 'most' } }, columns(usual));
  assert.ok(far.high < 30, `the axis ends at ${far.high}`);
});
