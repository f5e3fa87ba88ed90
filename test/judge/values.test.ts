import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricValues, usualValues, valueIn } from '../../src/judge/values.ts';
import { worseWhen } from '../../src/judge/worse.ts';
import { runOf } from './runs.ts';

const FULL = {
  ...{ runtimeSeconds: 2, memoryMb: 60, setupSeconds: 0.5, samplesPerSecond: 100 },
  ...{ diskReadMb: 0, diskWrittenMb: 3, contextSwitches: 40 },
};

test('a run has its base metrics, its custom ones, then what was said and what was counted of it', () => {
  const run = runOf(1, { ...FULL, custom: { accuracy: 0.9, rows: 7 } });
  assert.deepEqual(metricValues(run), [
    ['runtimeSeconds', 2],
    ['memoryMb', 60],
    ['accuracy', 0.9],
    ['rows', 7],
    ['setupSeconds', 0.5],
    ['samplesPerSecond', 100],
    ['diskReadMb', 0],
    ['diskWrittenMb', 3],
    ['contextSwitches', 40],
  ]);
});

test('models of whole runs do not see what the system counts beside', () => {
  const run = runOf(1, { ...FULL, custom: { rows: 7 } });
  const names = usualValues(run).map(([metric]) => metric);
  assert.deepEqual(names, ['runtimeSeconds', 'memoryMb', 'rows', 'setupSeconds', 'samplesPerSecond']);
});

test('a custom metric of an older run stands for the metric of its name that there was not yet; a measured one is measured here', () => {
  const custom = { samplesPerSecond: 90, setupSeconds: 9, diskReadMb: 5, memoryMb: 1 };
  const older = runOf(1, { custom });
  assert.deepEqual(metricValues(older), [
    ['samplesPerSecond', 90],
    ['setupSeconds', 9],
  ]);
  const newer = runOf(2, { setupSeconds: 0.5, custom });
  assert.deepEqual(metricValues(newer), [
    ['samplesPerSecond', 90],
    ['setupSeconds', 0.5],
  ]);
});

test('of quality and throughput less is worse, of what is measured more; of other metrics nobody knows', () => {
  for (const metric of ['accuracy', 'precision', 'recall', 'f1Score', 'samplesPerSecond'])
    assert.equal(worseWhen(metric), 'below', metric);
  for (const metric of ['runtimeSeconds', 'memoryMb', 'setupSeconds', 'cleanupSeconds', 'contextSwitches'])
    assert.equal(worseWhen(metric), 'above', metric);
  for (const metric of ['rows', 'Accuracy', 'constructor', '']) assert.equal(worseWhen(metric), null, metric);
});

test('one metric is found as all of them are, and the CPU time beside', () => {
  const custom = { rows: 7, iteration: 100, memoryMb: 1, cpuSeconds: 9, samplesPerSecond: 90 };
  const run = runOf(1, { runtimeSeconds: 2, memoryMb: null, cpuSeconds: 0.5, custom });
  for (const [metric, value] of metricValues(run)) assert.equal(valueIn(run, metric), value, metric);
  assert.deepEqual(
    metricValues(run).map(([metric]) => metric),
    ['runtimeSeconds', 'rows', 'iteration', 'samplesPerSecond'],
  );
  for (const [metric, value] of [
    ['cpuSeconds', 0.5],
    ['memoryMb', null],
    ['attempt', null],
    ['outcome', null],
    ['constructor', null],
    ['__proto__', null],
  ] as const)
    assert.equal(valueIn(run, metric), value, metric);
});
