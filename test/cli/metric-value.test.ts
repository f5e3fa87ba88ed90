import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateAndTime, metricValue } from '../../src/cli/metric-value.ts';

test('a value has the unit that the name of its metric ends in', () => {
  for (const [metric, value, text] of [
    ['runtimeSeconds', 0.43, '0.43 s'],
    ['collector.runtimeSeconds', -0.05, '-50 ms'],
    ['cpuPercent', 71.2, '71 %'],
    ['system.cpuPercent{core=0}', 5, '5 %'],
    ['memoryMb', 62.14, '62.1 MB'],
    ['system.diskReadMbPerSecond', 1.5, '1.5 MB/s'],
    ['rowsCollected', 1234.5678, '1,235'],
    ['accuracy', 0.91234, '0.9123'],
    ['tiny', 1e-9, '0.000000001'],
    ['huge', 1e300, '1e+300'],
    ['zero', -0, '0'],
    ['runtimeSeconds', null, '-'],
  ] as const)
    assert.equal(metricValue(metric, value), text, metric);
});

test('a time is that of the terminal', t => {
  const before = process.env['TZ'];
  t.after(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
  process.env['TZ'] = 'Asia/Tokyo';
  assert.equal(dateAndTime('2026-11-20T16:05:59.999Z'), '2026-11-21 01:05');
  assert.equal(dateAndTime('2026-11-20T16:05:59.999Z', 'second'), '2026-11-21 01:05:59');
  process.env['TZ'] = 'America/New_York';
  assert.equal(dateAndTime('2026-11-20T16:05:59.999Z'), '2026-11-20 11:05');
});
