import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worseWhen } from '../../src/regression/worse.ts';

test('a name says which way a metric gets worse, or nobody knows', () => {
  for (const metric of [
    'runtimeSeconds',
    'cpuPercent',
    'memoryMb',
    'apiLatencySeconds',
    'setupSeconds',
    'errors',
  ])
    assert.equal(worseWhen(metric), 'more', metric);
  for (const metric of [
    'accuracy',
    'precision',
    'recall',
    'f1Score',
    'samplesPerSecond',
    'rowsPerSecond',
    'diskFreeMb',
  ])
    assert.equal(worseWhen(metric), 'less', metric);
  for (const metric of ['rowsCollected', 'terms', 'constructor'])
    assert.equal(worseWhen(metric), null, metric);
});
