import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lstmRequest } from '../src/models.ts';
import { aRun } from './store/fixtures.ts';

const CUSTOM = { accuracy: 0.9, recall: 0.8, rows: 7, loss: 0.1 };

test('what the system counts beside does not enter the models of whole runs, and takes no other metric its place', () => {
  const counted = { diskReadMb: 1, diskWrittenMb: 2, contextSwitches: 30 };
  const before = [1, 2, 3].map(() => aRun({ custom: CUSTOM }));
  const after = [1, 2, 3].map(() =>
    aRun({ custom: CUSTOM, ...counted, setupSeconds: 0.4, samplesPerSecond: 5 }),
  );
  const { metrics } = lstmRequest(before, 1, '');
  assert.deepEqual(metrics.slice(4), ['accuracy', 'recall', 'rows', 'loss']);
  assert.deepEqual(lstmRequest(after, 1, '').metrics, metrics);
});

test('what a module says of its run enters them like a custom metric', () => {
  const runs = [1, 2, 3].map(() => aRun({ custom: { rows: 7 }, setupSeconds: 0.4, samplesPerSecond: 5 }));
  const { metrics, history } = lstmRequest(runs, 1, '');
  assert.deepEqual(metrics.slice(4), ['rows', 'setupSeconds', 'samplesPerSecond']);
  assert.deepEqual(history[0]?.slice(4), [7, 0.4, 5]);
});
