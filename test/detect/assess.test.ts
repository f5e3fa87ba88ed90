import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess, type MetricVerdict, type Past } from '../../src/detect/assess.ts';
import type { Told } from '../../src/detect/verdict.ts';
import type { AnomalyEvent, Since } from '../../src/glossary/event.ts';
import type { Run } from '../../src/glossary/run.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';

const RUN: Run = {
  ...{ id: 'run-9', module: 'collector', iteration: 9, trigger: 'schedule', attempt: 1 },
  ...{ startedAt: '2026-11-20T12:00:00.000Z', endedAt: '2026-11-20T12:00:01.000Z', outcome: 'ok' },
  ...{ exitCode: 0, signal: null, runtimeSeconds: 0.47, cpuSeconds: null, cpuPercent: null, memoryMb: null },
  ...{ apiLatencySeconds: null, api: null, ...NOTHING_FURTHER, custom: {}, reason: null, revision: 'b' },
};

const SINCE: Since = {
  run: 'run-4',
  time: '2026-11-20T11:00:00.000Z',
  revisionBefore: 'a',
  revisionAfter: 'b',
};

const SHIFT: MetricVerdict = {
  ...{
    value: 0.47,
    score: 0.9,
    confidence: 0.954321,
    event: true,
    kind: 'shift',
    direction: 'above',
    beganAgo: 5,
  },
  ...{ before: 0.43, sizePercent: 9.302325, severity: 'critical', expected: [0.41, 0.45] },
  votes: { deviation: 0.27123456, 'change-point': 0.8, 'seasonal-esd': null },
  told: { kind: 'shift', direction: 'above', confidence: 0.954321, ago: 0, beganAgo: 5 },
};

const QUIET: MetricVerdict = {
  ...{ value: 0.47, score: 0.1, confidence: 0.02, event: false, kind: null, direction: null, beganAgo: null },
  ...{ before: null, sizePercent: null, severity: null, expected: [0.41, 0.49], votes: { deviation: 0.6 } },
  told: null,
};

const ANOMALY: AnomalyEvent = {
  ...{
    time: RUN.endedAt,
    event: 'anomaly',
    message: 'as the rule says it',
    module: 'collector',
    metric: 'runtimeSeconds',
  },
  ...{ value: 0.47, baseline: 0.3, deviationPercent: 56.67, thresholdPercent: 25, direction: 'above' },
  ...{ run: RUN.id, iteration: 9, incident: 'incident-1', runsOpen: 0 },
};

function past(more: Partial<Past> = {}): Past {
  return {
    since: () => SINCE,
    isTold: () => false,
    rule: () => ({ thresholdPercent: 25, floor: 0 }),
    idOf: metric => `change of ${metric}`,
    ...more,
  };
}

const verdicts = (verdict: MetricVerdict) => new Map([['runtimeSeconds', verdict]]);

test('a shift that the rule does not see becomes a change, with its beginning and the commit that it came with', () => {
  const { events, changes } = assess(RUN, [], verdicts(SHIFT), past());
  assert.deepEqual(events, []);
  assert.deepEqual(changes, [
    {
      ...{ time: RUN.endedAt, event: 'change', module: 'collector', metric: 'runtimeSeconds' },
      message:
        'collector: runtime 0.47 s, before 0.43 s: a shift of +9.3% since 2026-11-20T11:00:00.000Z (first run of b, after a), 95% sure',
      ...{ value: 0.47, baseline: 0.43, deviationPercent: 9.3, thresholdPercent: 25, direction: 'above' },
      ...{ run: 'run-9', iteration: 9, incident: 'change of runtimeSeconds', runsOpen: 0 },
      ...{ confidence: 0.9543, kind: 'shift', severity: 'critical', since: SINCE },
      votes: { deviation: 0.2712, 'change-point': 0.8, 'seasonal-esd': null },
    },
  ]);
});

test('a spike has no since', () => {
  const told: Told = { kind: 'spike', direction: 'above', confidence: 0.954321, ago: 0, beganAgo: 0 };
  const spike: MetricVerdict = { ...SHIFT, kind: 'spike', beganAgo: 0, told };
  const [change] = assess(RUN, [], verdicts(spike), past()).changes;
  assert.equal(change?.kind, 'spike');
  assert.equal(change.since, null);
  assert.match(change.message, /a spike of \+9\.3%, 95% sure/);
});

test('what the rule flags keeps all that the rule says, and is told how sure the detectors are', () => {
  const { events, changes } = assess(RUN, [ANOMALY], verdicts(QUIET), past());
  assert.deepEqual(changes, []);
  assert.deepEqual(events, [
    {
      ...ANOMALY,
      ...{ confidence: 0.02, kind: 'spike', severity: 'info', votes: { deviation: 0.6 }, since: null },
    },
  ]);
});

test('what was noticed in an incident holds for its later lines, which lie on the new level by then', () => {
  const told: Told = { kind: 'shift', direction: 'above', confidence: 0.98, ago: 2, beganAgo: 3 };
  const lineOf = (line: Partial<AnomalyEvent>) =>
    assess(RUN, [{ ...ANOMALY, ...line }], verdicts({ ...QUIET, told }), past()).events[0];
  const later = lineOf({ runsOpen: 2 });
  assert.deepEqual([later?.confidence, later?.kind, later?.severity], [0.98, 'shift', 'critical']);
  assert.deepEqual(later?.since, SINCE);
  const before = lineOf({ runsOpen: 1 });
  assert.deepEqual([before?.confidence, before?.kind], [0.02, 'spike'], 'it was noticed before the incident');
  assert.equal(lineOf({ runsOpen: 2, direction: 'below' })?.confidence, 0.02, 'it is another one');
});

test('what the rule has told of already is no change as well', () => {
  assert.deepEqual(assess(RUN, [ANOMALY], verdicts(SHIFT), past()).changes, []);
  assert.deepEqual(assess(RUN, [], verdicts(SHIFT), past({ isTold: () => true })).changes, []);
});

test('a run without an episode changes nothing', () => {
  assert.deepEqual(assess(RUN, [], verdicts(QUIET), past()), { events: [], changes: [] });
});

test('an event of a metric that no detector follows stays as it is', () => {
  assert.deepEqual(assess(RUN, [ANOMALY], new Map(), past()).events, [ANOMALY]);
});

test('a change that is smaller than the floor of its metric is of no interest', () => {
  const rule = (floor: number) => past({ rule: () => ({ thresholdPercent: 25, floor }) });
  assert.equal(assess(RUN, [], verdicts(SHIFT), rule(0.05)).changes.length, 0);
  assert.equal(assess(RUN, [], verdicts(SHIFT), rule(0.03)).changes.length, 1);
});
