import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnomalyEvent } from '../src/glossary/event.ts';
import type { Run } from '../src/glossary/run.ts';
import { failedRuns, messageOf, statusOf } from '../src/summary.ts';
import { NOTHING_FURTHER } from './helpers/further.ts';

const run = (module: string, outcome: Run['outcome'], attempt = 1): Run => ({
  id: `${module}${attempt}`,
  module,
  iteration: 1,
  trigger: 'schedule',
  attempt,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  outcome,
  exitCode: outcome === 'ok' ? 0 : null,
  signal: null,
  runtimeSeconds: 1,
  cpuSeconds: null,
  cpuPercent: null,
  memoryMb: null,
  apiLatencySeconds: null,
  api: null,
  ...NOTHING_FURTHER,
  custom: {},
  revision: null,
  reason: null,
});

const event = (kind: AnomalyEvent['event'], module = 'collector'): AnomalyEvent => ({
  time: '2026-01-01T00:00:01.000Z',
  event: kind,
  message: '',
  module,
  metric: 'runtimeSeconds',
  value: 2,
  baseline: 1,
  deviationPercent: 100,
  thresholdPercent: 25,
  direction: 'above',
  run: 'r',
  iteration: 1,
  incident: 'i',
  runsOpen: 0,
});

test('an iteration in which nothing is wrong is "Performance OK"', () => {
  const happened = { runs: [run('collector', 'ok')], events: [], openIncidents: [] };
  assert.equal(messageOf(happened), 'Performance OK');
  assert.equal(statusOf(happened), 'ok');
});

test('open incidents are counted in the message', () => {
  const happened = {
    runs: [run('a', 'ok')],
    events: [event('anomaly')],
    openIncidents: [{ id: '1' }, { id: '2' }],
  };
  assert.equal(messageOf(happened), 'Anomaly detected: 2 anomaly(ies)');
  assert.equal(statusOf(happened), 'anomaly');
});

test('the end of an incident is named with its module and metric', () => {
  const recovered = { runs: [], events: [event('recovered')], openIncidents: [] };
  assert.equal(messageOf(recovered), 'Anomaly recovered: collector - runtimeSeconds');
  assert.equal(statusOf(recovered), 'recovered');
  const persisted = { runs: [], events: [event('anomaly'), event('persisted')], openIncidents: [] };
  assert.equal(messageOf(persisted), 'Anomaly persisted: collector - runtimeSeconds');
  assert.equal(statusOf(persisted), 'persisted');
});

test('several messages are joined, and the end of an incident decides the status', () => {
  const happened = {
    runs: [run('b', 'timeout')],
    events: [event('recovered')],
    openIncidents: [{ id: '1' }],
  };
  assert.equal(
    messageOf(happened),
    'Module failed: b (timeout); Anomaly detected: 1 anomaly(ies); Anomaly recovered: collector - runtimeSeconds',
  );
  assert.equal(statusOf(happened), 'recovered');
});

test('a module that succeeds on a further attempt has not failed', () => {
  assert.deepEqual(failedRuns([run('a', 'error'), run('a', 'ok', 2)]), []);
});

test('what was skipped because of a failure is not a failure of its own, but the iteration is not ok', () => {
  const runs = [run('a', 'error'), run('b', 'skipped')];
  assert.equal(messageOf({ runs, events: [], openIncidents: [] }), 'Module failed: a (error)');
  assert.equal(statusOf({ runs, events: [], openIncidents: [] }), 'error');
});
